import type { PipelineRun } from "../api/tekton.ts";
import type { FailureDetails } from "../api/workflow-execution.ts";
import { toTimestamp } from "../api/time.ts";
import { attemptsAt } from "./attempts.ts";
import { cancelWords } from "./cancel-words.ts";
import { classifyRun } from "./classify-run.ts";
import { startObstacle } from "./classify-task.ts";
import { cleanLog, cleanText } from "./clean-text.ts";
import { evidenceOf, type TaskAtHand } from "./failure-evidence.ts";
import type { Verdict } from "./failure-reason.ts";
import type { FailureRequest } from "./failure-request.ts";
import { formatGoDuration } from "./go-duration.ts";
import { moment } from "./lenient.ts";
import { repeatedSteps } from "./repeated-steps.ts";
import { retryAdvice } from "./retry-advice.ts";
import { rootCause, stoppedTask, type RootCause } from "./root-cause.ts";
import type { RunEvidence, StepLog } from "./run-evidence.ts";
import { logOf, verdictByLog } from "./run-log.ts";
import { runState, succeededCondition } from "./run-state.ts";
import { isOutOfTime } from "./run-stop.ts";
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
  const stopped = cause === undefined ? stoppedTask(evidence) : undefined;
  const log = logOf(evidence, cause ?? stopped);
  const verdict = judge(evidence, request, cause, log);
  const times = timesOf(evidence, cause, request);
  const executed = hasExecuted(evidence);
  const advice = retryAdvice(verdict.reason, verdict.message);
  const attempts = cause === undefined ? [] : attemptsAt(cause, evidence);
  const known = { cause, stopped, log, repeated: repeatedSteps(evidence) };
  const facts = { verdict, executed, advice, attempts: attempts.length, elapsedMs: times.elapsedMs, ...defined(known) };
  return {
    reason: verdict.reason,
    message: cleanText(verdict.message),
    ...blameOf(cause),
    failedAt: toTimestamp(times.failedAt),
    executionTimeBeforeFailure: formatGoDuration(times.elapsedMs),
    wasExecutionFailure: executed,
    naturalLanguageSummary: runSummary(evidence, facts, request),
    evidence: evidenceOf(evidence, atHand(cause, stopped), log),
    confidence: verdict.confidence,
    retryAdvice: advice,
    ...(attempts.length === 0 ? {} : { attempts }),
    ...(log === undefined ? {} : { logTail: cleanLog(log.text) }),
  };
}

/**
 * The task to blame knows more than the run, with two exceptions: a cancelled run is Cancelled whatever failed in it, and
 * of a run that was out of time only the run says how much it had.
 */
function judge(
  evidence: RunEvidence,
  request: FailureRequest,
  cause: RootCause | undefined,
  log: StepLog | undefined,
): Verdict {
  const byRun = judgeRun(evidence.run, request);
  if (cause === undefined || isCancelledRun(evidence, cause)) return byRun;
  const verdict = verdictByLog(cause, log);
  const isOnlyLate = verdict.reason === "DeadlineExceeded" && byRun.reason === verdict.reason;
  const late = isOnlyLate && cause.task.stop === "timedOut" ? byRun : verdict;
  return late.reason === "DeadlineExceeded" ? withObstacle(late, cause) : late;
}

/** What may have many causes doesn't change the category, but whoever reads it must know. */
function withObstacle(verdict: Verdict, { task }: RootCause): Verdict {
  const obstacle = startObstacle(task);
  return obstacle === undefined ? verdict : { ...verdict, message: `${verdict.message}; ${obstacle.message}` };
}

/** Tekton only says that a run was cancelled; the execution knows by whom and why. */
function judgeRun(run: PipelineRun, request: FailureRequest): Verdict {
  const verdict = classifyRun(run);
  return verdict.reason === "Cancelled"
    ? { ...verdict, message: cancelWords(run, request) ?? verdict.message }
    : verdict;
}

function isCancelledRun({ run }: RunEvidence, { verdict }: RootCause): boolean {
  return runState(run).phase === "cancelled" && !isOutOfTime(run) && verdict.reason !== "Cancelled";
}

function atHand(cause: RootCause | undefined, stopped: RootCause | undefined): TaskAtHand | undefined {
  if (cause !== undefined) return { cause, isToBlame: true };
  return stopped === undefined ? undefined : { cause: stopped, isToBlame: false };
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

/** The fields that have a value. */
function defined<T extends object>(fields: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
