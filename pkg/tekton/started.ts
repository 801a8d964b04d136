import type { ContainerState, ContainerTerminated, ContainerStatus, Pod } from "../api/core.ts";
import type { StepState, TaskRun, TaskRunStatus } from "../api/tekton.ts";
import { items, moment, text } from "./lenient.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { taskStop } from "./run-stop.ts";
import { podsOfAttempt, seenPods, stepContainersOf } from "./seen-pods.ts";

/**
 * Whether any step container of the workflow ever started: then it may have changed the target, and a failure blocks
 * until a person clears it; else it is a pre-execution failure (BR-WE-012, BR-WE-013, failures.md section 3). Pods that
 * are gone count as they were last seen: Tekton doesn't always tell of a step that it stopped.
 */
export function hasExecuted(evidence: RunEvidence): boolean {
  const pods = seenPods(evidence).map(({ pod }) => pod);
  const inTaskRuns = evidence.taskRuns.some((taskRun) => hasTaskRunExecuted(taskRun, pods));
  return inTaskRuns || pods.some(hasPodExecuted) || hasLostTaskRuns(evidence) || hasForgottenPods(evidence);
}

/** Whether Tekton began a TaskRun again after its run had failed, and nobody saw the pod that it had before. */
function hasForgottenPods(evidence: RunEvidence): boolean {
  return evidence.taskRuns
    .filter((taskRun) => taskStop(taskRun, evidence.run) === "begunAgain")
    .some((taskRun) => podsOfAttempt(taskRun, taskRun.status ?? {}, evidence).length < 2);
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
function hasTaskRunExecuted(taskRun: TaskRun, pods: readonly Pod[]): boolean {
  const attempts: readonly TaskRunStatus[] = [taskRun.status ?? {}, ...items(taskRun.status?.retriesStatus)];
  return attempts.some((attempt) => {
    const pod = pods.findLast(({ metadata }) => metadata.name === attempt.podName);
    return startedSteps(attempt, taskRun, pod).length > 0;
  });
}

/**
 * The steps of one attempt at a TaskRun whose containers were started, as its status tells; but whether one that the
 * kubelet lost had started is told by its pod, where that was seen.
 */
export function startedSteps(attempt: TaskRunStatus, taskRun: TaskRun, pod: Pod | undefined): readonly StepState[] {
  const isKnown = stepContainersOf(pod).some(({ state }) => isLost(state));
  const steps = items(attempt.steps).filter((step) => !isKnown || !isLost(step));
  return steps.filter((step) => hasStepStarted(step, taskRun));
}

/**
 * Whether the kubelet ever started this step's container. One that it lost counts: only the pod could tell whether it
 * ever ran.
 */
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

/** Whether a step's container in this pod ever started. */
export function hasPodExecuted(pod: Pod): boolean {
  return stepContainersOf(pod).some(hasContainerStarted);
}

/**
 * Whether the kubelet ever started this container. When a pod is taken away it writes "lost" for every container that
 * hasn't ended, also for one that never started; of one that ran it says so in the state before (kubernetes
 * pkg/kubelet/kubelet_pods.go, convertToAPIContainerStatuses; pkg/kubelet/status/status_manager.go, TerminatePod).
 */
export function hasContainerStarted({ state, lastState }: ContainerStatus): boolean {
  return (!isLost(state) && hasStarted(state)) || hasStarted(lastState);
}

/** The kubelet's word for a container of which it knows no end; its exit code 137 is made up. */
const LOST = "ContainerStatusUnknown";

/** Whether the kubelet lost this container. */
export function isLost(state: ContainerState | null | undefined): boolean {
  return state?.terminated?.reason === LOST;
}

/** A container that could not be started (StartError) has the epoch as its start. */
function hasStarted(state: ContainerState | null | undefined): boolean {
  if (isLost(state)) return true;
  return moment(state?.running?.startedAt) !== undefined || moment(state?.terminated?.startedAt) !== undefined;
}
