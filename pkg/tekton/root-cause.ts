import type { Pod } from "../api/core.ts";
import type { PipelineRun, TaskRun } from "../api/tekton.ts";
import { classifyTask } from "./classify-task.ts";
import { containerOf, failedStep, type FailedStep } from "./failed-step.ts";
import { failedTask, type FailedTask } from "./failed-task.ts";
import type { Verdict } from "./failure-reason.ts";
import { items, moment, text } from "./lenient.ts";
import { taskIndex, taskNameOf, tasksOf } from "./pipeline-tasks.ts";
import { podObstacle } from "./pod-obstacle.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { runState, succeededCondition } from "./run-state.ts";
import { stepContainersOf } from "./seen-pods.ts";
import { likely } from "./verdicts.ts";

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
 * that failed by itself comes before one that was stuck, and that before one that was only too slow. Where no TaskRun
 * says why its run failed, one that Tekton began again or that was deleted is to blame.
 */
export function rootCause(evidence: RunEvidence): RootCause | undefined {
  const causes = evidence.taskRuns
    .filter((taskRun) => hasFailed(taskRun, evidence.run))
    .map((taskRun) => failedTask(evidence, taskRun))
    .filter(({ stop }) => stop !== "cancelled" && stop !== "begunAgain")
    .map((task) => toCause(task, evidence.run));
  return causes.toSorted(byBlame)[0] ?? begunAgain(evidence) ?? lostTask(evidence);
}

/** The first task that was stopped because its run was cancelled: it isn't to blame, but it is where the run stood. */
export function stoppedTask(evidence: RunEvidence): RootCause | undefined {
  const stopped = evidence.taskRuns
    .map((taskRun) => failedTask(evidence, taskRun))
    .filter(({ stop }) => stop === "cancelled")
    .map((task) => toCause(task, evidence.run));
  return stopped.toSorted(byBlame)[0];
}

function hasFailed(taskRun: TaskRun, run: PipelineRun): boolean {
  return succeededCondition(taskRun)?.status === "False" && !isIgnored(taskRun, run);
}

/** Whether a task's failure is ignored (`onError: continue`): the run goes on without it, so it isn't why the run failed. */
export function isIgnored(taskRun: TaskRun, run: PipelineRun): boolean {
  if (succeededCondition(taskRun)?.reason === "FailureIgnored") return true;
  const name = taskNameOf(taskRun, run);
  return items(run.status?.pipelineSpec?.tasks).some((task) => task.name === name && task.onError === "continue");
}

/**
 * The TaskRun that failed and whose failure Tekton has overwritten: where the pod is deleted and Tekton's view is old, it
 * makes the pod again although the run has ended, and the TaskRun has to be cancelled. Only the first pod, if anybody saw
 * it, knows the step and its exit code.
 */
function begunAgain(evidence: RunEvidence): RootCause | undefined {
  const { run, taskRuns } = evidence;
  const [task] = taskRuns.map((taskRun) => failedTask(evidence, taskRun)).filter(({ stop }) => stop === "begunAgain");
  if (task === undefined) return undefined;
  const first = task.earlierPods[0];
  const { taskName, taskIndex: index } = toCause(task, run);
  const step = first === undefined ? undefined : failedStep(asInPod(task, first));
  const verdict = verdictBefore(task, first);
  return { task, taskName, taskIndex: index, verdict, ...(step === undefined ? {} : { step }) };
}

function verdictBefore({ taskRun, podName, events }: FailedTask, first: Pod | undefined): Verdict {
  const obstacle = first === undefined ? undefined : podObstacle(first, events);
  const why = obstacle?.category === undefined ? `its pod ${podName} was deleted` : obstacle.message;
  const message = `TaskRun ${taskRun.metadata.name} was begun again after its run had failed: ${why}`;
  return likely(obstacle?.category ?? "Interrupted", message);
}

/** The same task with its steps as one of its pods shows them. */
function asInPod(task: FailedTask, pod: Pod): FailedTask {
  const states = new Map(stepContainersOf(pod).map(({ name, state }) => [text(name), state]));
  const steps = task.steps.map(({ name, container = "" }) => {
    const step = { name, container };
    return { ...step, ...states.get(containerOf(step)) };
  });
  return { ...task, steps, pod };
}

/**
 * A TaskRun that the run names and that is gone although the run failed: deleted in mid-run, which ends the run as Failed
 * (tekton.md section 3). Its pod may have been seen.
 */
function lostTask(evidence: RunEvidence): RootCause | undefined {
  const { run, taskRuns } = evidence;
  const { phase, reason } = runState(run);
  if (phase !== "failed" || reason !== "Failed") return undefined;
  const present = new Set(taskRuns.map(({ metadata }) => metadata.name));
  const children = items(run.status?.childReferences).filter(({ kind = "TaskRun" }) => kind === "TaskRun");
  const lost = children.map(({ name }) => text(name)).find((name) => name !== "" && !present.has(name));
  if (lost === undefined) return undefined;
  const cause = toCause(failedTask(evidence, { metadata: { name: lost } }), run);
  return { ...cause, verdict: likely("Interrupted", `TaskRun ${lost} was deleted while its run lived`) };
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
  if (task.stop !== "timedOut") return 0;
  return task.previous === undefined ? 2 : 1;
}

function compare<T extends number | string>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
