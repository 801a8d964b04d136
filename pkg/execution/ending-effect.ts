import { fromTimestamp } from "../api/time.ts";
import type { WorkflowExecutionStatus } from "../api/workflow-execution.ts";
import type { HolderOutcome } from "../lock/history.ts";

type Ending = Partial<Pick<WorkflowExecutionStatus, "phase" | "failureDetails">> & {
  /** When its run was started, if ever. */
  readonly startTime?: string | undefined;
};

/** Endings before a run that say nothing about the workflow or the target: not counted for the backoff. */
const NOT_COUNTED: ReadonlySet<string> = new Set([
  "DeadlineExceeded",
  "UnsupportedFeature",
  "UnsupportedCluster",
  "UnsupportedEngine",
  "ExternallyDeleted",
  "Cancelled",
]);

/** What the end of an execution that held its target means for the next one (lock.md section 4). */
export function endingEffect({ phase, failureDetails, startTime }: Ending): HolderOutcome["effect"] {
  if (phase === "Completed") return "Completed";
  if (phase !== "Failed") return "NotCounted";
  if (failureDetails?.wasExecutionFailure === true) return "ExecutionFailed";
  const reason = failureDetails?.reason ?? "";
  // A run that was started and whose time passed before any step began will hardly begin if it is tried again at once.
  if (reason === "DeadlineExceeded" && startTime !== undefined) return "PreExecutionFailed";
  return NOT_COUNTED.has(reason) ? "NotCounted" : "PreExecutionFailed";
}

/** Fractions of a second are cut off in timestamps; cooldown and backoff count from the latest moment that one can mean. */
const CUT_OFF_MS = 999;

/** The latest moment (ms) that this timestamp can mean. */
export function latestMoment(timestamp: string): number {
  return fromTimestamp(timestamp) + CUT_OFF_MS;
}
