import { ANNOTATION_STOP_REASON, type StopReason } from "../api/labels.ts";
import type { PipelineRun, TaskRun } from "../api/tekton.ts";
import { text } from "./lenient.ts";
import { runState, succeededCondition } from "./run-state.ts";

/** spec.statusMessage of a TaskRun that its PipelineRun stopped (tektoncd pkg/apis/pipeline/v1/taskrun_types.go). */
export const BY_CANCELLED_RUN = "TaskRun cancelled as the PipelineRun it belongs to has been cancelled.";
const BY_TIMED_OUT_RUN = "TaskRun cancelled as the PipelineRun it belongs to has timed out.";

const STOP_REASONS: ReadonlySet<string> = new Set<StopReason>(["Cancel", "Deletion", "DeadlineExceeded"]);
/** Values of a PipelineRun's spec.status that stop it. */
const STOPPING: ReadonlySet<string> = new Set(["Cancelled", "CancelledRunFinally", "StoppedRunFinally"]);

/**
 * Why a TaskRun was cancelled: with its run, because the run's time was up, by somebody for itself, or after its run had
 * failed: then Tekton had begun it again.
 */
export type TaskStop = "cancelled" | "timedOut" | "alone" | "begunAgain";

/** Why this controller cancelled a run; undefined where it didn't. */
export function stopReasonOf(run: PipelineRun): StopReason | undefined {
  const reason = text(run.metadata.annotations?.[ANNOTATION_STOP_REASON]);
  return STOP_REASONS.has(reason) ? (reason as StopReason) : undefined;
}

/** Whether a run ended because its time was up: by Tekton's clock, or because this controller stopped it for that. */
export function isOutOfTime(run: PipelineRun): boolean {
  const { phase, reason } = runState(run);
  return reason === "PipelineRunTimeout" || (phase === "cancelled" && stopReasonOf(run) === "DeadlineExceeded");
}

/**
 * Why a TaskRun was cancelled; undefined for one that wasn't. Tekton says so in spec.statusMessage; where that is empty,
 * the TaskRun was missed by Tekton and cancelled by this controller, or somebody cancelled it alone.
 */
export function taskStop(taskRun: TaskRun, run: PipelineRun): TaskStop | undefined {
  if (text(succeededCondition(taskRun)?.reason) !== "TaskRunCancelled") return undefined;
  const words = text(taskRun.spec?.statusMessage);
  if (words === BY_TIMED_OUT_RUN) return "timedOut";
  if (isOutOfTime(run)) return "timedOut";
  if (STOPPING.has(text(run.spec.status))) return "cancelled";
  if (words !== BY_CANCELLED_RUN) return "alone";
  return hasFailedByItself(run) ? "begunAgain" : "cancelled";
}

/** Failed because of its tasks: such a run was not cancelled, so nothing was cancelled with it. */
function hasFailedByItself(run: PipelineRun): boolean {
  const { phase, reason } = runState(run);
  return phase === "failed" && reason === "Failed";
}
