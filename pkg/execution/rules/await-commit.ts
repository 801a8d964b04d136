/**
 * Audit mode strict: a run starts only after the intent to start it is committed in PostgreSQL. What counts is the receipt
 * for that very event: a backlog that is empty says nothing of an event that nobody has taken up yet.
 */
import type { AuditEntry, WorkflowExecutionStatus } from "../../api/workflow-execution.ts";
import { fromTimestamp, toTimestampCeil } from "../../api/time.ts";
import { eventType } from "../outbox.ts";
import type { Case } from "../rule.ts";
import type { AuditReceipt } from "../snapshot.ts";
import { startDeadline } from "../start-deadline.ts";
import type { Step } from "../step.ts";
import { WAITING_FOR_AUDIT } from "../waiting.ts";
import { writeStatus } from "../write-status.ts";

/** A commit takes that long (ms) at most, usually: only a longer wait is worth a write of the status. */
const PATIENCE_MS = 2000;

type Audit = WorkflowExecutionStatus["audit"];

/**
 * Holds a run that is bound and written down back until its intent is committed; undefined where it may start. The receipt
 * wakes the execution; without one it ends by its start deadline.
 */
export function awaitCommit({ s, w, policy }: Case): Step | undefined {
  const audit = w.status?.audit;
  if (policy.auditMode !== "strict" || isCommitted(audit, s.receipt)) return undefined;
  const patience = fromTimestamp(intentOf(audit)?.at ?? "") + PATIENCE_MS;
  if (s.now < patience) return { type: "Wait", until: patience };
  const deadline = startDeadline(w, policy);
  const message = `the run is ready, and starts when PostgreSQL has committed the event of its start, until ${toTimestampCeil(deadline)} at the latest`;
  const write = writeStatus(s, w, { status: { reason: WAITING_FOR_AUDIT, message } });
  return write ?? { type: "Wait", until: deadline };
}

/** An event leaves the outbox only when a receipt for it is folded in. */
function isCommitted(audit: Audit, receipt: AuditReceipt | undefined): boolean {
  const intent = intentOf(audit);
  if (intent === undefined) return audit?.acked !== undefined;
  return intent.ordinal <= Math.max(audit?.acked?.ordinal ?? 0, receipt?.ordinal ?? 0);
}

function intentOf(audit: Audit): AuditEntry | undefined {
  return audit?.pending?.find(({ type }) => type === eventType("starting"));
}
