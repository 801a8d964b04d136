/** All that the controller lets others see, as texts to be searched. */
import type { ControllerContext } from "./context.ts";
import { select } from "../audit/migrated-database.ts";

interface Item {
  readonly status?: unknown;
}

/** Each output by its name. */
export const outputs = {
  "the rows of all audit tables and of the view": auditTables,
  "the statuses of all executions": async (context) => statuses(await getAll(context, "wfe")),
  "all target locks": async (context) => JSON.stringify(await getAll(context, "tlock")),
  "all Kubernetes events": async (context) => JSON.stringify(await getAll(context, "events.events.k8s.io")),
  "the controller's log at its most talkative": async (context) => JSON.stringify(await context.controller().log()),
  "the metrics": (context) => context.controller().metrics(),
} as const satisfies Readonly<Record<string, (context: ControllerContext) => Promise<string>>>;

export type OutputName = keyof typeof outputs;

async function auditTables(context: ControllerContext): Promise<string> {
  const { url } = context.world().postgres;
  const tables = await select(
    url,
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
      WHERE table_schema = 'audit' OR table_name = 'workflow_execution_audit'`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) => select(url, `SELECT row_to_json(t)::text FROM ${String(name)} t`)),
  );
  // Byte columns are in hex: what was put there is read as text, too.
  return rows
    .flat()
    .map((row) => JSON.stringify(row))
    .join("\n");
}

async function getAll(context: ControllerContext, kind: string): Promise<readonly Item[]> {
  const text = await context.world().kubectl("get", kind, "-A", "-o", "json");
  return (JSON.parse(text) as { readonly items: readonly Item[] }).items;
}

/** The spec is what users wrote, and theirs. */
function statuses(items: readonly Item[]): string {
  return JSON.stringify(items.map(({ status }) => status));
}
