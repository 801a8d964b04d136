import type { ContainerState, ContainerTerminated, ContainerStatus, Pod } from "../api/core.ts";
import type { StepState, TaskRun, TaskRunStatus } from "../api/tekton.ts";
import { items, moment, text } from "./lenient.ts";
import type { RunEvidence } from "./run-evidence.ts";

/** Prefix of the containers that Tekton makes of a task's steps. Its init containers and sidecars have other names. */
export const STEP_CONTAINER = "step-";

/**
 * Whether any step container of the workflow ever started: then it may have changed the target, and a failure blocks
 * until a person clears it; else it is a pre-execution failure (BR-WE-012, BR-WE-013, failures.md section 3). Where the
 * kubelet lost a container (`ContainerStatusUnknown`) it counts as started.
 */
export function hasExecuted(evidence: RunEvidence): boolean {
  return evidence.taskRuns.some(hasTaskRunExecuted) || evidence.pods.some(hasPodExecuted) || hasLostTaskRuns(evidence);
}

/**
 * Whether the run names a TaskRun that is gone: deleted by somebody, with all that it knew. What nobody can know counts
 * as executed, because the target may have been changed.
 */
function hasLostTaskRuns({ run, taskRuns }: RunEvidence): boolean {
  const present = new Set(taskRuns.map(({ metadata }) => metadata.name));
  const children = items(run.status?.childReferences);
  return children.some(({ kind = "TaskRun", name }) => kind === "TaskRun" && !present.has(text(name)));
}

/** Whether a step of this TaskRun ever started, in the last attempt or in an earlier one. */
export function hasTaskRunExecuted(taskRun: TaskRun): boolean {
  const attempts: readonly TaskRunStatus[] = [taskRun.status ?? {}, ...items(taskRun.status?.retriesStatus)];
  return attempts.some((attempt) => items(attempt.steps).some((step) => hasStepStarted(step, taskRun)));
}

/** Whether the kubelet ever started this step's container. */
export function hasStepStarted(step: StepState, taskRun: TaskRun): boolean {
  const { terminated } = step;
  return terminated && isInvented(terminated) ? startedBeforeInvention(step, taskRun) : hasStarted(step);
}

/**
 * Whether a termination was written by Tekton itself, not read from the kubelet: on timeout, cancel and image pull
 * failure it writes exit code 1 even for a step that never started (tektoncd pkg/reconciler/taskrun/taskrun.go,
 * terminateStepsInPod). Its exit code means nothing.
 */
export function isInvented(terminated: ContainerTerminated): boolean {
  return text(terminated.reason).startsWith("TaskRun");
}

/**
 * For a step that never ran Tekton invents the creation of the TaskRun as its start; for one that ran it keeps the real
 * one, which may lie in the same second, and the id of the image that the kubelet had started.
 */
function startedBeforeInvention({ imageID, terminated }: StepState, taskRun: TaskRun): boolean {
  if (text(imageID) !== "") return true;
  const startedAt = moment(terminated?.startedAt);
  return startedAt !== undefined && startedAt !== moment(taskRun.metadata.creationTimestamp);
}

function hasPodExecuted(pod: Pod): boolean {
  return items(pod.status?.containerStatuses).some(
    (container) => text(container.name).startsWith(STEP_CONTAINER) && hasContainerStarted(container),
  );
}

function hasContainerStarted(container: ContainerStatus): boolean {
  return hasStarted(container.state ?? {}) || hasStarted(container.lastState ?? {});
}

/** A container that could not be started (StartError) has the epoch as its start. */
function hasStarted(state: ContainerState): boolean {
  if (state.terminated?.reason === "ContainerStatusUnknown") return true;
  return moment(state.running?.startedAt) !== undefined || moment(state.terminated?.startedAt) !== undefined;
}
