import type { FailureDetails } from "../api/workflow-execution.ts";
import { cleanText } from "./clean-text.ts";
import type { FailureReason } from "./failure-reason.ts";
import type { FailureRequest } from "./failure-request.ts";
import { formatGoDuration } from "./go-duration.ts";
import { retryAdvice } from "./retry-advice.ts";
import { deletionSummary, refusalSummary } from "./summary.ts";

/** Why an execution fails before it has a run. */
export interface Refusal {
  readonly reason: FailureReason;
  readonly message: string;
  /** The field that is wrong, for example "spec.targetResource". */
  readonly field?: string;
}

/** The failure of an execution that was never started: decided by us, or by the API server that refused the run for good. */
export function preExecutionFailure(refusal: Refusal, request: FailureRequest): FailureDetails {
  const message = refusal.field === undefined ? refusal.message : `${refusal.field}: ${refusal.message}`;
  const advice = retryAdvice(refusal.reason, message);
  return {
    reason: refusal.reason,
    message: cleanText(message),
    failedTaskIndex: -1,
    failedAt: request.decidedAt,
    executionTimeBeforeFailure: "0s",
    wasExecutionFailure: false,
    naturalLanguageSummary: refusalSummary({ reason: refusal.reason, message, advice }, request),
    confidence: "certain",
    retryAdvice: advice,
  };
}

/** A run that vanished, not by our deletion of a Pending one. */
export interface LostRun {
  /** ExternallyDeleted, or why we were about to take it back. */
  readonly reason: FailureReason;
  readonly message: string;
  /** Milliseconds from its start until it was missed; 0 where it had not started. */
  readonly elapsedMs: number;
}

/**
 * The failure of an execution whose run is gone, with all that it knew: nobody can tell any more whether a step had
 * started, so the target may have been changed. BR-WE-007.
 */
export function lostRunFailure(run: LostRun, request: FailureRequest): FailureDetails {
  const { reason, message, elapsedMs } = run;
  const advice = retryAdvice(reason, message);
  return {
    reason,
    message: cleanText(message),
    failedTaskIndex: -1,
    failedAt: request.decidedAt,
    executionTimeBeforeFailure: formatGoDuration(elapsedMs),
    wasExecutionFailure: true,
    naturalLanguageSummary: deletionSummary({ message, elapsedMs, advice }, request),
    confidence: "certain",
    retryAdvice: advice,
  };
}
