import type { KubernetesObject } from "../api/meta.ts";
import type { PipelineRun, TaskRun } from "../api/tekton.ts";
import { items, text } from "./lenient.ts";

const TASK_LABEL = "tekton.dev/pipelineTask";

/** The tasks of a run's pipeline by name, in its order. Empty while the pipeline isn't resolved. */
export interface PipelineTasks {
  readonly tasks: readonly string[];
  readonly finally: readonly string[];
}

/** The tasks of a run's pipeline. */
export function tasksOf(run: PipelineRun): PipelineTasks {
  const spec = run.status?.pipelineSpec;
  return {
    tasks: items(spec?.tasks).map(({ name }) => text(name)),
    finally: items(spec?.finally).map(({ name }) => text(name)),
  };
}

/** The pipeline task that a TaskRun was made for; "" where nothing says so. */
export function taskNameOf(taskRun: TaskRun, run: PipelineRun): string {
  const label = labelledTask(taskRun);
  if (label !== "") return label;
  const child = items(run.status?.childReferences).find(({ name }) => name === taskRun.metadata.name);
  return text(child?.pipelineTaskName);
}

/** The pipeline task that a TaskRun, or its pod, was made for by its label; "" where it has none. */
export function labelledTask({ metadata }: KubernetesObject): string {
  return text(metadata.labels?.[TASK_LABEL]);
}

/** Position of a task in the order of the pipeline, from 0, those of `finally` last; -1 where it isn't in it. */
export function taskIndex(name: string, { tasks, finally: last }: PipelineTasks): number {
  return [...tasks, ...last].indexOf(name);
}
