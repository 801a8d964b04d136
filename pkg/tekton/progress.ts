import type { PipelineRun, TaskRun } from "../api/tekton.ts";
import type { ExecutionStatus } from "../api/workflow-execution.ts";
import { cleanText } from "./clean-text.ts";
import { items, moment, text } from "./lenient.ts";
import { taskNameOf, tasksOf } from "./pipeline-tasks.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { isDone, runState } from "./run-state.ts";

/**
 * `status.executionStatus`: the run's condition `Succeeded` and how far the run is (failures.md section 4). A task is
 * completed when all its TaskRuns have ended, or when it was skipped because it wasn't needed. Tasks of `finally` count
 * from the moment that they start.
 */
export function progressOf(evidence: Pick<RunEvidence, "run" | "taskRuns">): ExecutionStatus {
  const { run } = evidence;
  const { phase, status, reason, message } = runState(run);
  const tasks = countedTasks(run);
  const completed = tasks.filter((task) => isCompleted(task, evidence)).length;
  const currentTask = phase === "running" ? earliestRunning(evidence) : undefined;
  return {
    status,
    reason,
    message: cleanText(message),
    completedTasks: completed,
    totalTasks: tasks.length,
    progress: `${String(completed)}/${String(tasks.length)}`,
    ...(currentTask === undefined ? {} : { currentTask }),
    progressPercent: phase === "succeeded" ? 100 : percent(completed, tasks.length),
  };
}

function countedTasks(run: PipelineRun): readonly string[] {
  const { tasks, finally: last } = tasksOf(run);
  return moment(run.status?.finallyStartTime) === undefined ? tasks : [...tasks, ...last];
}

function isCompleted(task: string, { run, taskRuns }: Pick<RunEvidence, "run" | "taskRuns">): boolean {
  const own = taskRuns.filter((taskRun) => taskNameOf(taskRun, run) === task);
  if (own.length > 0) return own.every(isDone);
  if (items(run.status?.skippedTasks).some((skipped) => skipped.name === task)) return isSkippedAsPlanned(task, run);
  // A custom task has no TaskRun: only the end of the whole run tells.
  return runState(run).phase === "succeeded";
}

/** Whether a task was skipped because it was not needed. Not those that were skipped because the run was stopped, cancelled or out of time: their reasons begin with "PipelineRun". */
export function isSkippedAsPlanned(task: string, run: PipelineRun): boolean {
  const skipped = items(run.status?.skippedTasks).filter(({ name }) => name === task);
  return skipped.every(({ reason }) => !text(reason).startsWith("PipelineRun "));
}

function earliestRunning({ run, taskRuns }: Pick<RunEvidence, "run" | "taskRuns">): string | undefined {
  const running = taskRuns.filter((taskRun) => !isDone(taskRun)).toSorted((a, b) => startOf(a) - startOf(b));
  return running.map((taskRun) => taskNameOf(taskRun, run)).find((name) => name !== "");
}

/** A TaskRun that waits for its first pod has no start time yet. */
function startOf(taskRun: TaskRun): number {
  return moment(taskRun.status?.startTime) ?? moment(taskRun.metadata.creationTimestamp) ?? Number.MAX_SAFE_INTEGER;
}

function percent(completed: number, total: number): number {
  return total === 0 ? 0 : Math.floor((100 * completed) / total);
}
