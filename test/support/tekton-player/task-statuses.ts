/** The statuses of TaskRuns that Tekton, and of pods that the kubelet writes, as recorded from Tekton 1.15 (test/data). */
import type { Pod } from "../../../pkg/api/core.ts";
import type { TaskRunStatus, TektonCondition } from "../../../pkg/api/tekton.ts";
import { toTimestamp } from "../../../pkg/api/time.ts";
import { succeeded } from "./condition.ts";
import type { TaskOutcome } from "./move-task.ts";
import { STEP, type PlayedPod, type PlayedTaskRun } from "./objects.ts";

/** A TaskRun whose pod was made. */
export function begunTaskRun(pod: PlayedPod, now: number): TaskRunStatus {
  const message = "Not all Steps in the Task have finished executing";
  return {
    startTime: toTimestamp(now),
    podName: pod.metadata.name,
    conditions: [succeeded("Unknown", { reason: "Running", message, now })],
  };
}

/** A TaskRun that has ended, its only step with that code. */
export function endedTaskRun(taskRun: PlayedTaskRun, end: TaskEnd, now: number): TaskRunStatus {
  const at = toTimestamp(now);
  const { creationTimestamp = at } = taskRun.metadata;
  const startedAt = end.hasBegun ? (taskRun.status?.startTime ?? at) : creationTimestamp;
  const image = end.hasBegun ? { imageID: CONTAINER.imageID } : {};
  const terminated = { exitCode: end.exitCode, reason: stepReason(end), startedAt, finishedAt: at };
  return {
    ...taskRun.status,
    completionTime: at,
    conditions: [taskCondition(taskRun, end, now)],
    steps: [{ name: STEP, container: `step-${STEP}`, ...image, terminated }],
  };
}

interface TaskEnd {
  /** The kubelet had started its only step; else Tekton invents when. */
  readonly hasBegun: boolean;
  readonly outcome: TaskOutcome;
  readonly exitCode: number;
}

function stepReason({ outcome, exitCode }: TaskEnd): string {
  if (outcome === "cancelled") return "TaskRunCancelled";
  return exitCode === 0 ? "Completed" : "Error";
}

function taskCondition(
  { metadata, spec }: PlayedTaskRun,
  { outcome, exitCode }: TaskEnd,
  now: number,
): TektonCondition {
  switch (outcome) {
    case "succeeded":
      return succeeded("True", { reason: "Succeeded", message: "All Steps have completed executing", now });
    case "failed": {
      const message = `"step-${STEP}" exited with code ${String(exitCode)}: Error`;
      return succeeded("False", { reason: "StepFailed", message, now });
    }
    case "cancelled": {
      const message = `TaskRun "${metadata.name}" was cancelled. ${spec?.statusMessage ?? ""}`.trimEnd();
      return succeeded("False", { reason: "TaskRunCancelled", message, now });
    }
  }
}

/** A pod whose step works. */
export function begunPod(now: number): Pod["status"] {
  const running = { startedAt: toTimestamp(now) };
  return { phase: "Running", containerStatuses: [{ ...CONTAINER, state: { running } }] };
}

/** A pod whose step has exited. */
export function endedPod(pod: PlayedPod, exitCode: number, now: number): Pod["status"] {
  const startedAt = pod.status?.containerStatuses?.[0]?.state?.running?.startedAt ?? toTimestamp(now);
  const reason = exitCode === 0 ? "Completed" : "Error";
  const terminated = { exitCode, reason, startedAt, finishedAt: toTimestamp(now) };
  return {
    phase: exitCode === 0 ? "Succeeded" : "Failed",
    containerStatuses: [{ ...CONTAINER, state: { terminated } }],
  };
}

/** What the kubelet says of every container, and the API server demands. */
const CONTAINER = {
  name: `step-${STEP}`,
  image: "example.com/action:1",
  imageID: `example.com/action@sha256:${"1".repeat(64)}`,
  ready: false,
  restartCount: 0,
};
