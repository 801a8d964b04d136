import type { PipelineRun } from "../api/tekton.ts";
import type { FailureRequest } from "./failure-request.ts";
import { stopReasonOf } from "./run-stop.ts";

/**
 * How a cancelled run came to be cancelled, for example "cancelled by alice (CancelRunFinally): wrong target"; undefined
 * where neither the execution nor this controller had to do with it.
 */
export function cancelWords(run: PipelineRun, request: FailureRequest): string | undefined {
  const stop = stopReasonOf(run);
  if (stop === "Deletion") return "cancelled because its WorkflowExecution was deleted";
  if (request.cancel !== undefined) return requestWords(request.cancel);
  return stop === undefined ? undefined : "cancelled on request";
}

/** Who asked for a cancel, in which mode and why. */
export function requestWords({ mode, reason = "", by = "" }: NonNullable<FailureRequest["cancel"]>): string {
  return `cancelled${by === "" ? "" : ` by ${by}`} (${mode})${reason === "" ? "" : `: ${reason}`}`;
}
