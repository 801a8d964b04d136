import type { WorkflowExecution } from "../../api/workflow-execution.ts";
import { ownRun } from "../own-run.ts";
import type { Policy } from "../policy.ts";
import type { Case } from "../rule.ts";
import { startDeadline } from "../start-deadline.ts";
import type { Step } from "../step.ts";
import { isWaitingReason, WAITING_FOR_AUDIT } from "../waiting.ts";
import type { FailureReason } from "../../tekton/failure-reason.ts";
import { isPendingRun } from "../../tekton/run-state.ts";
import { withdraw, type Verdict } from "./fail-before-run.ts";

/** Reasons that, once written, are carried out even though the run that they withdrew is gone by now. */
const WITHDRAWN: readonly FailureReason[] = ["DeadlineExceeded", "ResourceExhausted", "ExternallyDeleted"];

/** Reasons in the status of something that stands between an execution and its start, beside those of who waits in line. */
const OBSTACLES: readonly string[] = ["RunNotCreated", "NotInstalled", WAITING_FOR_AUDIT];

/** Ends an execution that waited too long for its start: maxDelay or timesOutAt is over and no run was started. */
export function tooLate(c: Case): Step | undefined {
  const { s, w, policy } = c;
  const written = writtenVerdict(c);
  if (written !== undefined) return withdraw(c, written);
  if (s.now < startDeadline(w, policy) || !mayStillStart(c)) return undefined;
  return withdraw(c, lateness(w, policy));
}

/** A verdict of an earlier step: its run is Pending or already deleted by us, so nobody else has deleted it. */
function writtenVerdict({ s, w }: Case): Verdict | undefined {
  const { executionRef, message = "", phase } = w.status ?? {};
  const reason = WITHDRAWN.find((withdrawn) => withdrawn === w.status?.reason);
  if (executionRef === undefined || phase !== "Pending" || reason === undefined) return undefined;
  const run = ownRun(s, w);
  return run === undefined || isPendingRun(run) ? { reason, message } : undefined;
}

/** Not bound yet, or bound and the run is there and Pending. A bound run that is gone is another rule's matter. */
function mayStillStart({ s, w }: Case): boolean {
  if (w.status?.executionRef === undefined) return true;
  const run = ownRun(s, w);
  return run !== undefined && isPendingRun(run);
}

function lateness(w: WorkflowExecution, policy: Policy): Verdict {
  const latest = new Date(startDeadline(w, policy)).toISOString();
  if (w.status?.reason === "QuotaExceeded") {
    return { reason: "ResourceExhausted", message: `no run until ${latest}: ${w.status.message ?? "quota exceeded"}` };
  }
  const waited = heldUp(w);
  const limit = w.spec.timesOutAt === undefined ? "maxDelay" : "maxDelay or timesOutAt";
  return {
    reason: "DeadlineExceeded",
    message: `not started until ${latest} (${limit}): a diagnosis that old is not acted on${waited}`,
  };
}

/** What its status says of why it wasn't started, where that is something that stood in its way. */
function heldUp({ status }: WorkflowExecution): string {
  const { reason, message = "" } = status ?? {};
  if (isWaitingReason(reason)) return ` (it waited at ${message})`;
  return reason !== undefined && OBSTACLES.includes(reason) ? ` (${reason}: ${message})` : "";
}
