import type { PipelineRun } from "../api/tekton.ts";
import type { FailureDetails } from "../api/workflow-execution.ts";
import { toTimestamp } from "../api/time.ts";
import { attemptsAt } from "./attempts.ts";
import { classifyRun } from "./classify-run.ts";
import { isTimedOutByRun } from "./classify-task.ts";
import { cleanLog, cleanText } from "./clean-text.ts";
import { denialIn } from "./denial.ts";
import { evidenceOf } from "./failure-evidence.ts";
import type { Verdict } from "./failure-reason.ts";
import type { FailureRequest } from "./failure-request.ts";
import { formatGoDuration } from "./go-duration.ts";
import { moment } from "./lenient.ts";
import { retryAdvice } from "./retry-advice.ts";
import { rootCause, type RootCause } from "./root-cause.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { runState, succeededCondition } from "./run-state.ts";
import { hasExecuted } from "./started.ts";
import { runSummary } from "./summary.ts";

const MAX_NAME_BYTES = 253;

/**
 * Why a run failed (failures.md): the first category that matches, the earliest task that isn't itself a consequence,
 * its step and its exit code, whether anything of the workflow ran, and the facts on which all that rests. All texts
 * are cleaned of secrets and bounded. Never throws, whatever the statuses hold.
 */
export function diagnose(evidence: RunEvidence, request: FailureRequest): FailureDetails {
  const cause = rootCause(evidence);
  const verdict = judge(evidence, cause);
  const times = timesOf(evidence, cause, request);
  const executed = hasExecuted(evidence);
  const advice = retryAdvice(verdict.reason, verdict.message);
  const attempts = cause === undefined ? [] : attemptsAt(cause, evidence.pods);
  const facts = { ...verdict, executed, advice, elapsedMs: times.elapsedMs, ...(cause === undefined ? {} : { cause }) };
  return {
    reason: verdict.reason,
    message: cleanText(verdict.message),
    ...blameOf(cause),
    failedAt: toTimestamp(times.failedAt),
    executionTimeBeforeFailure: formatGoDuration(times.elapsedMs),
    wasExecutionFailure: executed,
    naturalLanguageSummary: runSummary(evidence, facts, request),
    evidence: evidenceOf(evidence, cause),
    confidence: verdict.confidence,
    retryAdvice: advice,
    ...(attempts.length === 0 ? {} : { attempts }),
    ...(evidence.logTail === undefined ? {} : { logTail: cleanLog(evidence.logTail) }),
  };
}

/**
 * The task to blame knows more than the run, with two exceptions: a cancelled run is Cancelled whatever failed in it, and
 * of a run that was out of time only the run says how much it had.
 */
function judge(evidence: RunEvidence, cause: RootCause | undefined): Verdict {
  const byRun = classifyRun(evidence.run);
  if (cause === undefined || isCancelledRun(evidence, cause)) return byRun;
  const { verdict, task } = cause;
  if (verdict.reason === "TaskFailed") return denied(evidence.logTail) ?? verdict;
  return verdict.reason === byRun.reason && isTimedOutByRun(task) ? byRun : verdict;
}

function isCancelledRun({ run }: RunEvidence, { verdict }: RootCause): boolean {
  return runState(run).phase === "cancelled" && verdict.reason !== "Cancelled";
}

/** A step that was refused by the API server ends like any other failed step: only its log says why. */
function denied(logTail: string | undefined): Verdict | undefined {
  const line = denialIn(logTail ?? "");
  return line === undefined ? undefined : { reason: "Forbidden", confidence: "likely", message: line };
}

function blameOf(
  cause: RootCause | undefined,
): Pick<FailureDetails, "failedTaskName" | "failedTaskIndex" | "failedStepName" | "exitCode"> {
  if (cause === undefined) return { failedTaskIndex: -1 };
  const { taskName, step } = cause;
  return {
    ...(taskName === "" ? {} : { failedTaskName: cleanText(taskName, MAX_NAME_BYTES) }),
    failedTaskIndex: cause.taskIndex,
    ...(step === undefined ? {} : { failedStepName: cleanText(step.name, MAX_NAME_BYTES) }),
    ...(step?.exitCode === undefined ? {} : { exitCode: step.exitCode }),
  };
}

/** All from Tekton's own times, so that the difference is of one clock. */
function timesOf(
  evidence: RunEvidence,
  cause: RootCause | undefined,
  request: FailureRequest,
): { readonly failedAt: number; readonly elapsedMs: number } {
  const { run } = evidence;
  const ofTask = cause === undefined || isCancelledRun(evidence, cause) ? undefined : cause.failedAt;
  const failedAt = ofTask ?? endOf(run) ?? moment(request.decidedAt) ?? 0;
  return { failedAt, elapsedMs: Math.max(0, failedAt - (startOf(run) ?? failedAt)) };
}

function startOf({ status, metadata }: PipelineRun): number | undefined {
  return moment(status?.startTime) ?? moment(metadata.creationTimestamp);
}

function endOf(run: PipelineRun): number | undefined {
  return moment(run.status?.completionTime) ?? moment(succeededCondition(run)?.lastTransitionTime);
}
