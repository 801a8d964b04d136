/**
 * status.retry: the one thing that an orchestrator switches on. Whether and when the same may be tried again, and the
 * count of failures from which that follows (api.md section 1).
 */
import { toTimestamp, toTimestampCeil } from "../api/time.ts";
import type { TargetLock } from "../api/target-lock.ts";
import type { FailureDetails, Retry, WorkflowExecution, WorkflowExecutionStatus } from "../api/workflow-execution.ts";
import { failureCount, historyOf, nextAllowedAt } from "../lock/history.ts";
import { isUnderstood } from "../lock/lock-record.ts";
import { endingEffect, latestMoment } from "./ending-effect.ts";
import { ownLock } from "./own-lock.ts";
import type { Case } from "./rule.ts";
import type { Obstacle } from "./rules/target-obstacle.ts";

type RetryStatus = Pick<WorkflowExecutionStatus, "retry" | "consecutiveFailures" | "nextAllowedExecution">;

/** After a skip: what stood in the way has to go first. */
export function retryAfterSkip(w: WorkflowExecution, lock: TargetLock | undefined, obstacle: Obstacle): RetryStatus {
  return { retry: dispositionOf(obstacle), ...failuresSoFar(w, lock) };
}

function dispositionOf(obstacle: Obstacle): Retry {
  switch (obstacle.kind) {
    case "busy":
      return { disposition: "WhenReleased" };
    case "blocked":
      return { disposition: "WhenCleared" };
    case "backoff":
    case "cooldown":
      return { disposition: "After", after: toTimestampCeil(obstacle.until) };
  }
}

/** The target's backoff state as it is at this decision. */
function failuresSoFar(w: WorkflowExecution, lock: TargetLock | undefined): RetryStatus {
  if (lock === undefined || !isUnderstood(lock)) return {};
  const last = historyOf(lock, w.spec.workflowRef.workflowId);
  if (failureCount(last) === 0) return {};
  const next = last?.nextAllowedAt;
  return { consecutiveFailures: failureCount(last), ...(next === undefined ? {} : { nextAllowedExecution: next }) };
}

/** After a failure (startTime: of its run, if it was ever started), with the count and the backoff that the lock's history will have once this execution is in it. */
export function retryAfterFailure(c: Case, details: FailureDetails, startTime?: string): RetryStatus {
  const { s, w } = c;
  switch (endingEffect({ phase: "Failed", failureDetails: details, startTime })) {
    case "ExecutionFailed":
      return { retry: { disposition: "WhenCleared" } };
    case "PreExecutionFailed":
      return ownLock(s, w) === undefined ? { retry: atOnce(details) } : afterOneMore(c, details);
    case "NotCounted":
    case "Completed":
    case "Unknown":
      return { retry: atOnce(details) };
  }
}

/** Not counted, or nothing was locked yet: only the failure itself says whether the same can go better. */
function atOnce({ reason, retryAdvice }: FailureDetails): Retry {
  const isDecided = reason === "Cancelled" || reason === "ExternallyDeleted";
  return { disposition: retryAdvice?.retryable === true && !isDecided ? "Now" : "Never" };
}

function afterOneMore({ s, w, policy }: Case, details: FailureDetails): RetryStatus {
  const { workflowId } = w.spec.workflowRef;
  const consecutiveFailures = failureCount(historyOf(s.lock.value, workflowId)) + 1;
  const after = nextAllowedAt(consecutiveFailures, latestMoment(toTimestamp(s.now)), policy);
  const counted = { consecutiveFailures, nextAllowedExecution: after };
  if (consecutiveFailures >= policy.maxConsecutiveFailures)
    return { retry: { disposition: "WhenCleared" }, ...counted };
  if (details.retryAdvice?.retryable !== true) return { retry: { disposition: "Never" }, ...counted };
  return { retry: { disposition: "After", after }, ...counted };
}
