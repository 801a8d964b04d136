import type { ContainerStatus, Pod } from "../api/core.ts";
import type { StepState, TaskRun } from "../api/tekton.ts";
import { items, text } from "./lenient.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { succeededCondition } from "./run-state.ts";

/** What Tekton says about one TaskRun, and its pod where that still exists. */
export interface FailedTask {
  readonly taskRun: TaskRun;
  readonly reason: string;
  readonly message: string;
  /** Where a TaskRun was stuck before it was stopped: Tekton appends it to the message of a timeout or a cancel. */
  readonly previous?: { readonly reason: string; readonly message: string };
  readonly steps: readonly StepState[];
  readonly sidecars: readonly StepState[];
  /** "" where no pod was ever made. */
  readonly podName: string;
  readonly pod?: Pod;
}

/** tektoncd pkg/reconciler/taskrun/taskrun.go, appendPreviousConditionContext. */
const PREVIOUS = /\nPrevious status: \[(\w+)\] ([\s\S]*)$/;

/** The facts about a failed TaskRun (or, with another status in it, about one of its attempts). */
export function failedTask(taskRun: TaskRun, pods: RunEvidence["pods"]): FailedTask {
  const { status } = taskRun;
  const condition = succeededCondition(taskRun);
  const message = text(condition?.message);
  const podName = text(status?.podName);
  const pod = pods.find(({ metadata }) => podName !== "" && metadata.name === podName);
  return {
    taskRun,
    reason: text(condition?.reason),
    message,
    ...previousOf(message),
    steps: items(status?.steps),
    sidecars: items(status?.sidecars),
    podName,
    ...(pod === undefined ? {} : { pod }),
  };
}

function previousOf(message: string): Pick<FailedTask, "previous"> {
  const [, reason, words = ""] = PREVIOUS.exec(message) ?? [];
  return reason === undefined ? {} : { previous: { reason, message: words } };
}

/** All containers of a task's pod that still exists: Tekton's init containers, the steps and the sidecars. */
export function containersOf(pod: Pod | undefined): readonly ContainerStatus[] {
  return [...items(pod?.status?.initContainerStatuses), ...items(pod?.status?.containerStatuses)];
}
