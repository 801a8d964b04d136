import { fromTimestamp } from "../../api/time.ts";
import type { WorkflowExecution } from "../../api/workflow-execution.ts";
import { parseGoDuration } from "../../tekton/go-duration.ts";
import { ownRun } from "../own-run.ts";
import type { Policy } from "../policy.ts";
import type { Case } from "../rule.ts";
import type { Step } from "../step.ts";
import type { FailureReason } from "../../tekton/failure-reason.ts";
import { isPendingRun } from "../../tekton/run-state.ts";
import { withdraw, type Verdict } from "./fail-before-run.ts";

/** Reasons that, once written, are carried out even though the run that they withdrew is gone by now. */
const WITHDRAWN: readonly FailureReason[] = ["DeadlineExceeded", "ResourceExhausted", "ExternallyDeleted"];

/** Ends an execution that waited too long for its start: maxDelay or timesOutAt is over and no run was started. */
export function tooLate(c: Case): Step | undefined {
  const { s, w, policy } = c;
  const written = writtenVerdict(c);
  if (written !== undefined) return withdraw(c, written);
  if (s.now < startDeadline(w, policy) || !mayStillStart(c)) return undefined;
  return withdraw(c, lateness(w, policy));
}

/** Latest moment at which this execution may still be started (ms). A remediation that old acts on an old diagnosis. */
export function startDeadline(w: WorkflowExecution, policy: Policy): number {
  const { executionConfig, timesOutAt } = w.spec;
  const maxDelay = executionConfig?.maxDelay === undefined ? undefined : parseGoDuration(executionConfig.maxDelay);
  const created = fromTimestamp(w.metadata.creationTimestamp ?? "");
  const latest = created + (maxDelay ?? policy.defaultMaxDelayMs);
  return timesOutAt === undefined ? latest : Math.min(latest, fromTimestamp(timesOutAt));
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
  const limit = w.spec.timesOutAt === undefined ? "maxDelay" : "maxDelay or timesOutAt";
  return {
    reason: "DeadlineExceeded",
    message: `not started until ${latest} (${limit}): a diagnosis that old is not acted on`,
  };
}
