/** What is on record about an execution outside of its status: audit rows and Kubernetes events. */
import type { TargetLock } from "../../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { waitFor } from "../../cluster/wait.ts";
import { REQUESTS, type World } from "../../support/controller-world.ts";
import { select } from "../audit/migrated-database.ts";

export interface AuditRow {
  readonly ordinal: number;
  /** The event's type without its common prefix. */
  readonly event: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly seq: string;
  readonly hash: string;
  readonly actor: string | null;
  readonly service_account: string | null;
  readonly bundle_digest: string | null;
  readonly recorder: string | null;
  readonly policy_hash: string | null;
  readonly controller_version: string | null;
}

/** The rows of an execution in the order of their ordinals. */
export async function auditRows(world: World, execution: WorkflowExecution): Promise<readonly AuditRow[]> {
  const rows = await select(
    world.postgres.url,
    `SELECT ordinal, replace(event_type, 'workflowexecution.workflow.', '') AS event, outcome, reason, seq,
            encode(row_hash, 'hex') AS hash, actor, service_account, bundle_digest, recorder, policy_hash,
            controller_version
       FROM audit.events WHERE wfe_uid = '${uidOf(execution)}' ORDER BY ordinal`,
  );
  return rows as unknown as readonly AuditRow[];
}

/** The row of an execution in the view for auditors. There must be exactly one. */
export async function auditView(
  world: World,
  execution: WorkflowExecution,
): Promise<Readonly<Record<string, unknown>>> {
  const rows = await select(
    world.postgres.url,
    `SELECT * FROM workflow_execution_audit WHERE id = '${uidOf(execution)}'`,
  );
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw new Error(`${String(rows.length)} rows in the view, not one`);
  return row;
}

export interface EventSeen {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

interface EventList {
  readonly items: readonly (EventSeen & { readonly involvedObject: { readonly uid?: string } })[];
}

/** Waits for the last of these events of an execution; gives all there are, sorted by reason. */
export async function eventsWith(
  world: World,
  execution: WorkflowExecution,
  reason: string,
): Promise<readonly EventSeen[]> {
  let found: readonly EventSeen[] = [];
  await waitFor(`event ${reason} of ${execution.metadata.name}`, 30_000, async () => {
    const list = JSON.parse(await world.kubectl("get", "events", "-n", REQUESTS, "-o", "json")) as EventList;
    found = list.items
      .filter(({ involvedObject }) => involvedObject.uid === execution.metadata.uid)
      .map((event) => ({ type: event.type, reason: event.reason, message: event.message }))
      .sort((a, b) => (a.reason < b.reason ? -1 : 1));
    return found.some((event) => event.reason === reason);
  });
  return found;
}

function uidOf({ metadata }: WorkflowExecution): string {
  return metadata.uid ?? "";
}

export interface LockRow {
  readonly event_type: string;
  readonly actor: string | null;
  readonly facts: Readonly<Record<string, string>>;
}

/** The rows of a lock's own outbox. */
export async function eventsOfLock(world: World, lock: TargetLock): Promise<readonly LockRow[]> {
  const uid = lock.metadata.uid ?? "";
  const rows = await select(world.postgres.url, `SELECT * FROM audit.events WHERE wfe_uid = '${uid}' ORDER BY ordinal`);
  return rows as unknown as readonly LockRow[];
}

/** The facts of an event of an execution, named without the common prefix. There must be exactly one. */
export async function factsOf(
  world: World,
  execution: WorkflowExecution,
  event: string,
): Promise<Readonly<Record<string, string>>> {
  const rows = await select(
    world.postgres.url,
    `SELECT facts FROM audit.events
      WHERE wfe_uid = '${uidOf(execution)}' AND event_type = 'workflowexecution.workflow.${event}'`,
  );
  const [row] = rows as unknown as readonly Pick<LockRow, "facts">[];
  if (row === undefined || rows.length > 1) throw new Error(`${String(rows.length)} events ${event}, not one`);
  return row.facts;
}
