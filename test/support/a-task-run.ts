import type { ContainerStatus, ContainerTerminated, Pod } from "../../pkg/api/core.ts";
import type { ObjectMeta } from "../../pkg/api/meta.ts";
import type { StepState, TaskRun, TaskRunStatus } from "../../pkg/api/tekton.ts";

const CREATED = "2026-11-21T12:00:00Z";
const STARTED = "2026-11-21T12:00:05Z";
const ENDED = "2026-11-21T12:00:09Z";

/** A TaskRun as Tekton 1.15 writes it; failed with `reason` where one is given, else running. */
export interface TaskRunWishes {
  readonly task?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly status?: "True" | "False" | "Unknown";
  readonly statusMessage?: string;
  readonly completionTime?: string;
  readonly steps?: readonly StepState[];
  readonly sidecars?: readonly StepState[];
  readonly retriesStatus?: TaskRunStatus["retriesStatus"];
}

/** Builds a TaskRun of the task that is named, `fail` by default. */
export function aTaskRun(wishes: TaskRunWishes = {}): TaskRun {
  const { task = "fail", statusMessage } = wishes;
  return {
    metadata: {
      name: `run-${task}`,
      uid: `uid-of-${task}`,
      creationTimestamp: CREATED,
      labels: { "tekton.dev/pipelineTask": task },
    },
    ...(statusMessage === undefined ? {} : { spec: { status: "TaskRunCancelled", statusMessage } }),
    status: aStatus(task, wishes),
  };
}

function aStatus(task: string, wishes: TaskRunWishes): TaskRunStatus {
  const { reason = "Running", message = "", completionTime = ENDED, steps = [], sidecars = [], retriesStatus } = wishes;
  const status = wishes.status ?? (wishes.reason === undefined ? "Unknown" : "False");
  return {
    podName: `run-${task}-pod`,
    startTime: CREATED,
    ...(status === "Unknown" ? {} : { completionTime }),
    conditions: [{ type: "Succeeded", status, reason, message }],
    steps,
    sidecars,
    ...(retriesStatus === undefined ? {} : { retriesStatus }),
  };
}

/** A step whose program ended, as the kubelet tells it. */
export function anEndedStep(
  name: string,
  exitCode: number,
  more: Partial<ContainerTerminated> & { readonly terminationReason?: string } = {},
): StepState {
  const { terminationReason, ...terminated } = more;
  return {
    name,
    container: `step-${name}`,
    ...(terminationReason === undefined ? {} : { terminationReason }),
    terminated: {
      exitCode,
      reason: exitCode === 0 ? "Completed" : "Error",
      startedAt: STARTED,
      finishedAt: ENDED,
      ...terminated,
    },
  };
}

/** A step that Tekton declared ended when it stopped the TaskRun: exit code 1 whatever had become of it. */
export function anInventedStep(name: string, reason: string, hadStarted: boolean): StepState {
  const startedAt = hadStarted ? STARTED : CREATED;
  return anEndedStep(name, 1, { reason, startedAt, terminationReason: reason });
}

/** The pod of a task's TaskRun. */
export function aPod(task: string, status: Pod["status"], more: Partial<ObjectMeta> = {}): Pod {
  return {
    metadata: { name: `run-${task}-pod`, uid: `uid-of-pod-of-${task}`, ...more },
    ...(status === undefined ? {} : { status }),
  };
}

/** A container that waits for that reason. */
export function aWaitingContainer(name: string, reason: string, message: string): ContainerStatus {
  return { name, state: { waiting: { reason, message } } };
}
