import type { PipelineRun } from "../api/tekton.ts";
import { isDone, runState } from "../tekton/run-state.ts";

/**
 * A run that is done, didn't succeed, and names no TaskRun: was none made, or is one gone with the run by the time when
 * they are read? Only a run that is still there after its children were read tells.
 */
export function isBarren(run: PipelineRun): boolean {
  return isDone(run) && (run.status?.childReferences ?? []).length === 0 && runState(run).phase !== "succeeded";
}
