/**
 * The audit outbox, in an execution's status.audit (a lock has one too, in spec.audit): every write that changes the
 * state appends its event, so state and event are one write in etcd. The audit side commits pending entries and hands
 * back a receipt, which the next write folds in (audit.md section 1). What is committed is kept for a while, because a
 * failover of PostgreSQL can lose it.
 */
import type { AuditEntry, WorkflowExecutionStatus } from "../api/workflow-execution.ts";
import { fromTimestamp, toTimestamp } from "../api/time.ts";
import { cleanText } from "../tekton/clean-text.ts";
import type { ConditionChange } from "./conditions.ts";
import type { AuditReceipt } from "./snapshot.ts";

const PREFIX = "workflowexecution.";

export type EventName =
  "requested" | "starting" | "started" | "completed" | "failed" | "skipped" | "cancelled" | "deleted" | "cleared";

/** An event as a rule names it; ordinal and time are filled in on writing. */
export interface NewEvent {
  readonly name: EventName;
  readonly outcome: AuditEntry["outcome"];
  readonly reason?: string;
  /** Facts without a value are left out. */
  readonly facts: Readonly<Record<string, string | undefined>>;
}

type Audit = NonNullable<WorkflowExecutionStatus["audit"]>;

/** The full type of an event, as the audit table has it. */
export function eventType(name: EventName): string {
  return `${PREFIX}${name === "cleared" ? "block" : "workflow"}.${name}`;
}

/** Most events that wait in one outbox: more is refused by its schema. */
export const MAX_PENDING = 8;

/** Most committed events that are kept beside them, for a database that loses what it has committed. */
export const MAX_RECORDED = 8;

/** The part after the last dot of an entry's type. */
export function eventName(type: string): string {
  return type.slice(type.lastIndexOf(".") + 1);
}

/** The outbox with a receipt folded in and new events appended. */
export function nextAudit(
  before: Audit | undefined,
  receipt: AuditReceipt | undefined,
  events: readonly NewEvent[],
  now: number,
): Audit {
  const folded = foldReceipt(before ?? {}, receipt);
  const first = lastOrdinal(folded) + 1;
  const added = events.map((event, index) => toEntry(event, first + index, now));
  return { ...folded, pending: [...(folded.pending ?? []), ...added] };
}

/** True where the audit side has committed every event so far. */
export function allRecorded(audit: Audit | undefined): boolean {
  return (audit?.pending ?? []).length === 0 && audit?.acked !== undefined;
}

/** True where the receipt says more than the status already does. */
export function isNews(audit: Audit | undefined, receipt: AuditReceipt | undefined): receipt is AuditReceipt {
  if (receipt === undefined) return false;
  const { acked, hash } = audit ?? {};
  if (acked === undefined || receipt.ordinal > acked.ordinal) return true;
  // PostgreSQL had lost that event and has it again, as another row. The later receipt is the true one.
  const isAgain = receipt.ordinal === acked.ordinal && receipt.hash !== hash;
  return isAgain && fromTimestamp(receipt.at) > fromTimestamp(acked.at);
}

/** Condition AuditRecorded for that outbox. */
export function auditCondition(audit: Audit): ConditionChange {
  const backlog = (audit.pending ?? []).length;
  if (backlog === 0) {
    const message = "every event so far is committed in PostgreSQL";
    return { type: "AuditRecorded", status: "True", reason: "Committed", message };
  }
  return {
    type: "AuditRecorded",
    status: "False",
    reason: "Pending",
    message: "events wait in status.audit.pending to be committed in PostgreSQL",
  };
}

function foldReceipt(audit: Audit, receipt: AuditReceipt | undefined): Audit {
  if (!isNews(audit, receipt)) return audit;
  const { pending = [], recorded = [] } = audit;
  const committed = pending.filter((entry) => entry.ordinal <= receipt.ordinal);
  return {
    pending: pending.filter((entry) => entry.ordinal > receipt.ordinal),
    recorded: [...recorded, ...committed.map((entry) => JSON.stringify(entry))].slice(-MAX_RECORDED),
    acked: { ordinal: receipt.ordinal, at: receipt.at },
    seq: receipt.seq,
    hash: receipt.hash,
  };
}

function lastOrdinal(audit: Audit): number {
  return audit.pending?.at(-1)?.ordinal ?? audit.acked?.ordinal ?? 0;
}

function toEntry(event: NewEvent, ordinal: number, now: number): AuditEntry {
  const known = Object.entries(event.facts).flatMap(([name, fact]) =>
    fact === undefined ? [] : [[name, cleanText(fact)]],
  );
  return {
    ordinal,
    type: eventType(event.name),
    at: toTimestamp(now),
    outcome: event.outcome,
    ...(event.reason === undefined ? {} : { reason: event.reason }),
    facts: Object.fromEntries(known) as Readonly<Record<string, string>>,
  };
}
