import type { ContainerStatus, Pod } from "../api/core.ts";
import type { TaskRun, TaskRunStatus } from "../api/tekton.ts";
import { items, moment, text } from "./lenient.ts";
import type { RunEvidence } from "./run-evidence.ts";

/** Label of a pod: the TaskRun for which Tekton made it. */
const TASK_RUN_LABEL = "tekton.dev/taskRun";

/** Prefix of the containers that Tekton makes of a task's steps. Its init containers and sidecars have other names. */
export const STEP_CONTAINER = "step-";

type PodsOfRun = Pick<RunEvidence, "pods" | "live">;

/** A pod of the run as it is or was last seen. */
export interface SeenPod {
  readonly pod: Pod;
  /** Whether it still exists. */
  readonly isThere: boolean;
}

/** All pods that a run ever had as far as anybody saw, the oldest first; each once, by uid. */
export function seenPods({ pods, live }: PodsOfRun): readonly SeenPod[] {
  const there = new Set(pods.map(({ metadata }) => metadata.uid));
  const lost = items(live?.lostPods).filter(({ metadata }) => metadata.uid === undefined || !there.has(metadata.uid));
  return [
    ...lost.map((pod) => ({ pod, isThere: false })),
    ...items(pods).map((pod) => ({ pod, isThere: true })),
  ].toSorted((a, b) => createdAt(a) - createdAt(b));
}

/**
 * The pods of one attempt at a TaskRun, the oldest first: several where a pod was deleted by force and made again under
 * the same name (failures.md section 3). By the name in the attempt's status; an attempt that ended before Tekton wrote
 * it down is found by the pod's label.
 */
export function podsOfAttempt(taskRun: TaskRun, status: TaskRunStatus, evidence: PodsOfRun): readonly SeenPod[] {
  const name = text(status.podName);
  if (name !== "") return seenPods(evidence).filter(({ pod }) => pod.metadata.name === name);
  const retried = new Set(items(taskRun.status?.retriesStatus).map(({ podName }) => text(podName)));
  return seenPods(evidence).filter(
    ({ pod }) =>
      text(pod.metadata.labels?.[TASK_RUN_LABEL]) === taskRun.metadata.name && !retried.has(pod.metadata.name),
  );
}

/** All containers of a pod: Tekton's init containers, the steps and the sidecars. */
export function containersOf(pod: Pod | undefined): readonly ContainerStatus[] {
  return [...items(pod?.status?.initContainerStatuses), ...items(pod?.status?.containerStatuses)];
}

/** The step containers of a pod, in no order that means anything. */
export function stepContainersOf(pod: Pod | undefined): readonly ContainerStatus[] {
  return items(pod?.status?.containerStatuses).filter(({ name }) => text(name).startsWith(STEP_CONTAINER));
}

/** Whether somebody has asked for the deletion of a pod, as far as it was seen. */
export function isBeingDeleted(pod: Pod | undefined): boolean {
  return text(pod?.metadata.deletionTimestamp) !== "";
}

function createdAt({ pod }: SeenPod): number {
  return moment(pod.metadata.creationTimestamp) ?? 0;
}
