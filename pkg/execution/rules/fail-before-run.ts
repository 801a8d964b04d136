import type { FailureDetails, WorkflowExecution, WorkflowExecutionStatus } from "../../api/workflow-execution.ts";
import { toTimestamp } from "../../api/time.ts";
import { cleanText } from "../../tekton/clean-text.ts";
import type { FailureReason } from "../../tekton/failure-reason.ts";
import { lostRunFailure, preExecutionFailure } from "../../tekton/pre-execution-failure.ts";
import { actorFacts } from "../actor-facts.ts";
import { failureRequestOf } from "../failure-request-of.ts";
import { endFacts, requestedEvent } from "../facts.ts";
import type { NewEvent } from "../outbox.ts";
import { retryAfterFailure } from "../retry.ts";
import { exactVersion, ownRun } from "../own-run.ts";
import type { Case } from "../rule.ts";
import { DONE, type Step } from "../step.ts";
import { writeStatus } from "../write-status.ts";
import { awaitRemains } from "./remains.ts";

/** Why an execution ends before its run was started. */
export interface Verdict {
  readonly reason: FailureReason;
  readonly message: string;
}

/** Ends an execution of which nothing ever ran: Failed, or Cancelled where a person took it back. */
export function failBeforeRun(c: Case, verdict: Verdict): Step {
  return fail(c, verdict, preExecutionFailure(verdict, failureRequestOf(c)));
}

/** Its run is gone before anybody could see whether it had been started: what nobody can know counts as executed. */
function failUncertain(c: Case, verdict: Verdict): Step {
  const { namespace = "", name = "" } = c.w.status?.executionRef ?? {};
  const message = `${verdict.message}; PipelineRun ${namespace}/${name} is gone, and nobody can tell whether it had been started`;
  const lost = { reason: verdict.reason, message, executed: true, elapsedMs: 0 };
  return fail(c, verdict, lostRunFailure(lost, failureRequestOf(c)));
}

function fail(c: Case, verdict: Verdict, failureDetails: FailureDetails): Step {
  const { s, w, policy } = c;
  const cancelled = verdict.reason === "Cancelled";
  const status: Partial<WorkflowExecutionStatus> = {
    phase: "Failed",
    outcome: cancelled ? "Cancelled" : "Failed",
    reason: verdict.reason,
    message: failureDetails.message,
    failureReason: failureDetails.message,
    failureDetails,
    completionTime: toTimestamp(s.now),
    ...retryAfterFailure(c, failureDetails),
  };
  const end: NewEvent = {
    name: cancelled ? "cancelled" : "failed",
    outcome: "failure",
    reason: verdict.reason,
    facts: { clusterId: policy.clusterId || undefined, ...endFacts(c, status), ...(cancelled ? cancellerOf(w) : {}) },
  };
  const first = w.status?.executionRef === undefined ? [requestedEvent(w, s.lock.value?.spec.targetResource)] : [];
  return writeStatus(s, w, { status, events: [...first, end] }) ?? DONE;
}

/** Who took it back; nobody is known where it was deleted. */
function cancellerOf({ spec, metadata }: WorkflowExecution): NewEvent["facts"] {
  return metadata.deletionTimestamp === undefined ? actorFacts(spec.cancel?.requestedBy) : {};
}

/**
 * Takes back an execution whose run may exist but was not started. The verdict is written down first, then the Pending
 * run is deleted (with its version as precondition: a run that was started meanwhile survives), then the execution
 * ends: so a crash in between never makes it look as if somebody else had deleted the run (lock.md A7). Whoever finds
 * the run gone and hasn't deleted it can't know that it was never started: its remains are awaited.
 */
export function withdraw(c: Case, verdict: Verdict): Step {
  const { s, w } = c;
  if (w.status?.executionRef === undefined) return failBeforeRun(c, verdict);
  if (s.neverStarted === w.status.executionRef.uid) return failBeforeRun(c, verdict);
  if (w.status.reason !== verdict.reason) {
    return writeStatus(s, w, { status: { reason: verdict.reason, message: cleanText(verdict.message) } }) ?? DONE;
  }
  const run = ownRun(s, w);
  if (run !== undefined) {
    return run.metadata.deletionTimestamp === undefined ? { type: "DeleteRun", run: exactVersion(run) } : DONE;
  }
  return awaitRemains(c, {}) ?? failUncertain(c, verdict);
}
