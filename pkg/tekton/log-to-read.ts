import type { ContainerStatus, Pod } from "../api/core.ts";
import type { TaskRun } from "../api/tekton.ts";
import { failedContainer } from "./failed-container.ts";
import { containerOf } from "./failed-step.ts";
import { items, text } from "./lenient.ts";
import { rootCause } from "./root-cause.ts";
import type { RunEvidence, StepLog } from "./run-evidence.ts";
import { containersOf, isBeingDeleted, podsOfAttempt, stepContainersOf } from "./seen-pods.ts";
import { hasContainerStarted, isLost } from "./started.ts";

/** One container of one pod whose log is worth reading now. */
export interface LogToRead {
  readonly pod: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly container: string;
}

const MAX_LOGS = 4;

/**
 * Which log to read next: it says why a step failed, and its pod may be gone soon (failures.md section 3). First that of
 * the container to blame for the failure, then that of the step that runs in a pod that is being deleted. Undefined
 * where nothing more is worth it: at most four logs a run, and none twice, not even one that could not be read.
 */
export function logToRead(evidence: RunEvidence): LogToRead | undefined {
  const read = items(evidence.live?.logs);
  if (read.length >= MAX_LOGS) return undefined;
  return [...ofRootCause(evidence), ...ofDeletedPods(evidence)].find((log) => !isAmong(read, log));
}

function isAmong(read: readonly StepLog[], { pod, container }: LogToRead): boolean {
  return read.some((log) => log.podUid === pod.uid && log.container === container);
}

function ofRootCause(evidence: RunEvidence): readonly LogToRead[] {
  const cause = rootCause(evidence);
  if (cause?.task.pod === undefined || !cause.task.isPodThere) return [];
  return toRead(cause.task.pod, failedContainer(cause));
}

function ofDeletedPods(evidence: RunEvidence): readonly LogToRead[] {
  return evidence.pods.filter(isBeingDeleted).flatMap((pod) => toRead(pod, runningStep(pod, evidence)));
}

/** Steps run one after the other, in Tekton's order: the first that hasn't ended well is the one that runs, or failed. */
function runningStep(pod: Pod, evidence: RunEvidence): string | undefined {
  const names = evidence.taskRuns.filter((taskRun) => hasPod(taskRun, pod, evidence)).flatMap(stepContainers);
  const containers = new Map(stepContainersOf(pod).map((container) => [text(container.name), container]));
  const inOrder = names.length === 0 ? [...containers.keys()] : names;
  return inOrder.find((name) => hasNotEndedWell(containers.get(name)));
}

function hasPod(taskRun: TaskRun, { metadata }: Pod, evidence: RunEvidence): boolean {
  return podsOfAttempt(taskRun, taskRun.status ?? {}, evidence).some(({ pod }) => pod.metadata.uid === metadata.uid);
}

function stepContainers({ status }: TaskRun): readonly string[] {
  return items(status?.steps).map(containerOf);
}

function hasNotEndedWell(container: ContainerStatus | undefined): boolean {
  return container !== undefined && container.state?.terminated?.exitCode !== 0;
}

/** There is a log only where the container has started and its node still has it. */
function toRead(pod: Pod, name: string | undefined): readonly LogToRead[] {
  const container = containersOf(pod).find((one) => text(one.name) === name);
  if (name === undefined || container === undefined || !hasLog(container)) return [];
  const { namespace = "", uid = "" } = pod.metadata;
  return [{ pod: { namespace, name: pod.metadata.name, uid }, container: name }];
}

function hasLog(container: ContainerStatus): boolean {
  return hasContainerStarted(container) && !isLost(container.state);
}
