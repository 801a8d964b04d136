import { PIPELINE_RUN_PENDING, type PipelineRun, type TektonCondition } from "../api/tekton.ts";
import { items, text } from "./lenient.ts";

export type RunPhase = "pending" | "running" | "succeeded" | "failed" | "cancelled";

/** Where a PipelineRun is, and the words of its condition `Succeeded` (empty before Tekton has written it). */
export interface RunState {
  readonly phase: RunPhase;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

/** Reason of a PipelineRun that was cancelled or stopped by request (pkg/apis/pipeline/v1/pipelinerun_types.go). */
const CANCELLED = "Cancelled";

/** The state of a run, from its condition `Succeeded`. A StoppedRunFinally run ends cancelled even if all its tasks succeeded. */
export function runState(run: PipelineRun): RunState {
  const condition = succeededCondition(run);
  const reason = text(condition?.reason);
  const message = text(condition?.message);
  if (condition?.status === "True") return { phase: "succeeded", status: "True", reason, message };
  if (condition?.status === "False") {
    return { phase: reason === CANCELLED ? "cancelled" : "failed", status: "False", reason, message };
  }
  return { phase: isPendingRun(run) ? "pending" : "running", status: "Unknown", reason, message };
}

/** The condition by which Tekton tells of success: True, False, or Unknown while it isn't decided. */
export function succeededCondition(object: {
  readonly status?: { readonly conditions?: readonly TektonCondition[] };
}): TektonCondition | undefined {
  return items(object.status?.conditions).find(({ type }) => type === "Succeeded");
}

/** Whether a PipelineRun, TaskRun or CustomRun has ended for good. Its pods may still run (tekton.md section 3). */
export function isDone(object: { readonly status?: { readonly conditions?: readonly TektonCondition[] } }): boolean {
  const status = succeededCondition(object)?.status;
  return status === "True" || status === "False";
}

/** Whether a run was born Pending and has not been started: Tekton has made nothing for it. */
export function isPendingRun(run: PipelineRun): boolean {
  return run.spec.status === PIPELINE_RUN_PENDING && !isDone(run);
}

/** Whether a run has left Pending, which it does only once: Tekton may act on it, or has acted. */
export function isStarted(run: PipelineRun): boolean {
  return !isPendingRun(run);
}
