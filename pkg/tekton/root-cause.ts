import type { PipelineRun, TaskRun } from "../api/tekton.ts";
import { classifyTask, isCancelledByRun, isTimedOutByRun } from "./classify-task.ts";
import { failedStep, type FailedStep } from "./failed-step.ts";
import { failedTask, type FailedTask } from "./failed-task.ts";
import type { Verdict } from "./failure-reason.ts";
import { items, moment, text } from "./lenient.ts";
import { taskIndex, taskNameOf, tasksOf } from "./pipeline-tasks.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { succeededCondition } from "./run-state.ts";

/** The task that made a run fail. */
export interface RootCause {
  readonly task: FailedTask;
  /** "" where nothing says which pipeline task it was. */
  readonly taskName: string;
  /** Position in the pipeline, from 0; -1 where it isn't in it. */
  readonly taskIndex: number;
  readonly step?: FailedStep;
  readonly verdict: Verdict;
  /** Milliseconds since the epoch; undefined where Tekton wrote no time. */
  readonly failedAt?: number;
}

/**
 * The earliest failed task that isn't itself a consequence (failures.md section 1): not one that was cancelled with its
 * run, not one whose failure the pipeline ignores. Among those that fail at the same moment, as when time is up, one
 * that failed by itself comes before one that was stuck, and that before one that was only too slow.
 */
export function rootCause(evidence: RunEvidence): RootCause | undefined {
  const causes = evidence.taskRuns
    .filter((taskRun) => hasFailed(taskRun, evidence.run))
    .map((taskRun) => failedTask(taskRun, evidence.pods))
    .filter((task) => !isCancelledByRun(task))
    .map((task) => toCause(task, evidence.run));
  return causes.toSorted(byBlame)[0];
}

function hasFailed(taskRun: TaskRun, run: PipelineRun): boolean {
  const condition = succeededCondition(taskRun);
  return condition?.status === "False" && condition.reason !== "FailureIgnored" && !isIgnored(taskRun, run);
}

/** A pipeline task with `onError: continue`: the run goes on without it, so it isn't why the run failed. */
function isIgnored(taskRun: TaskRun, run: PipelineRun): boolean {
  const name = taskNameOf(taskRun, run);
  return items(run.status?.pipelineSpec?.tasks).some((task) => task.name === name && task.onError === "continue");
}

function toCause(task: FailedTask, run: PipelineRun): RootCause {
  const taskName = taskNameOf(task.taskRun, run);
  const step = failedStep(task);
  const failedAt = failureTime(task.taskRun);
  return {
    task,
    taskName,
    taskIndex: taskIndex(taskName, tasksOf(run)),
    verdict: classifyTask(task),
    ...(step === undefined ? {} : { step }),
    ...(failedAt === undefined ? {} : { failedAt }),
  };
}

/** A TaskRun that fails on a CreateContainerConfigError gets no completion time. */
function failureTime(taskRun: TaskRun): number | undefined {
  return moment(taskRun.status?.completionTime) ?? moment(succeededCondition(taskRun)?.lastTransitionTime);
}

function byBlame(a: RootCause, b: RootCause): number {
  return (
    compare(a.failedAt ?? Infinity, b.failedAt ?? Infinity) ||
    compare(blameRank(a.task), blameRank(b.task)) ||
    compare(a.taskIndex, b.taskIndex) ||
    compare(text(a.task.taskRun.metadata.name), text(b.task.taskRun.metadata.name))
  );
}

function blameRank(task: FailedTask): number {
  if (!isTimedOutByRun(task)) return 0;
  return task.previous === undefined ? 2 : 1;
}

function compare<T extends number | string>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
