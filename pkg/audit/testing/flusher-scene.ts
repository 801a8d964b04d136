import { setImmediate as turn } from "node:timers/promises";
import { anAuditedExecution, entries } from "../../../test/support/audited-execution.ts";
import type { WorkflowExecution } from "../../api/workflow-execution.ts";
import type { AppendOutcome } from "../append.ts";
import type { EventRow } from "../event-content.ts";
import { createFlusher } from "../flusher.ts";
import type { Flusher, FlusherOptions, Refusal } from "../flusher.ts";

const now = Date.parse("2026-03-01T10:00:09.000Z");

/** An execution with so many events in its outbox. */
export function pending(uid: string, last: number): WorkflowExecution {
  return anAuditedExecution({ uid, name: uid, resourceVersion: String(last), audit: { pending: entries(1, last) } });
}

/** Reads as "execution remediation/a" or "lock b". */
function show(object: Refusal["object"]): string {
  const { kind, name } = object;
  const namespace = "namespace" in object ? object.namespace : undefined;
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

export interface FlusherScene {
  readonly flusher: Flusher;
  readonly said: readonly string[];
  /** The events that were sent, a text a transaction: "a1 a2 b1". */
  readonly batches: () => readonly string[];
  /** Lets everything happen that waits for nothing but its turn. */
  readonly settle: () => Promise<void>;
  /** Ends the last transaction. */
  readonly succeed: () => Promise<void>;
  readonly fail: () => Promise<void>;
}

/** A database that answers when it is told to, and everything that the flusher said meanwhile. */
export function aScene(options: Partial<FlusherOptions> = {}): FlusherScene {
  const said: string[] = [];
  const batches: { readonly rows: readonly EventRow[]; readonly answer: PromiseWithResolvers<undefined> }[] = [];
  async function append(rows: readonly EventRow[]): Promise<ReadonlyMap<string, AppendOutcome>> {
    const answer = Promise.withResolvers<undefined>();
    batches.push({ rows, answer });
    await answer.promise;
    return new Map(rows.map((row, index) => [row.event_id, { kind: "recorded", seq: index + 1, hash: "h" }]));
  }
  const flusher = createFlusher({
    append,
    hashAt: () => Promise.resolve(undefined),
    present: () => ({ executions: [], locks: [] }),
    clusterId: "",
    now: () => now,
    retryDelayMs: (failures) => failures * 1_000,
    hooks: {
      onReceipt: (object) => said.push(`receipt ${show(object)}`),
      onRecorded: ({ rows }) => said.push(`recorded ${String(rows.length)}`),
      onRefused: ({ object, ordinal, reason }) => said.push(`refused ${show(object)} ${String(ordinal)}: ${reason}`),
      onFailure: ({ error, failures, retryInMs }) =>
        said.push(`failure ${String(failures)}: ${(error as Error).message}, again in ${String(retryInMs)}`),
    },
    ...options,
  });
  /** Ends the last transaction: with receipts, or with an error where there is one. */
  async function answer(error?: Error): Promise<void> {
    const last = batches.at(-1)?.answer;
    if (error === undefined) last?.resolve(undefined);
    else last?.reject(error);
    await settle();
  }
  /** Lets everything happen that waits for nothing but its turn. */
  async function settle(): Promise<void> {
    for (let turns = 0; turns < 5; turns++) await turn();
  }
  return {
    flusher,
    said,
    batches: () => batches.map(({ rows }) => rows.map((row) => `${row.wfe_name}${String(row.ordinal)}`).join(" ")),
    settle,
    succeed: () => answer(),
    fail: () => answer(new Error("server is gone")),
  };
}

/** Offers them in one go. */
export function offerAll(flusher: Flusher, ...executions: readonly WorkflowExecution[]): void {
  for (const execution of executions) flusher.offer(execution);
}
