import type { TaskRun } from "../api/tekton.ts";
import { isDone } from "../tekton/run-state.ts";

/**
 * A TaskRun that goes on although its run was stopped, and that nobody has told to stop: Tekton cancels only those that
 * the run's status names, and that is written from an older view (tektoncd pkg/reconciler/pipelinerun/cancel.go).
 */
export function missedTaskRun(taskRuns: readonly TaskRun[]): TaskRun | undefined {
  return taskRuns.find(
    (one) => !isDone(one) && one.metadata.deletionTimestamp === undefined && one.spec?.status === undefined,
  );
}
