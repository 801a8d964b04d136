/** The statuses that Tekton and the kubelet write, as recorded from Tekton 1.15 (test/data). */
import type { Pod } from "../../../pkg/api/core.ts";
import type { PipelineRun, PipelineRunStatus, TaskRunStatus, TektonCondition } from "../../../pkg/api/tekton.ts";
import { toTimestamp } from "../../../pkg/api/time.ts";
import type { Outcome } from "./next-move.ts";
import { STEP, TASK, type PlayedPod, type PlayedTaskRun } from "./objects.ts";

type Status = TektonCondition["status"];

/** A run that waits for its start. */
export function pendingRun(run: PipelineRun, now: number): PipelineRunStatus {
  const message = `PipelineRun "${run.metadata.name}" is pending`;
  return { conditions: [succeeded("Unknown", { reason: "PipelineRunPending", message, now })] };
}

/** A run whose pipeline was fetched. */
export function begunRun(run: PipelineRun, now: number): PipelineRunStatus {
  const message = "Tasks Completed: 0 (Failed: 0, Cancelled 0), Incomplete: 1, Skipped: 0";
  return {
    ...run.status,
    startTime: toTimestamp(now),
    conditions: [succeeded("Unknown", { reason: "Running", message, now })],
    pipelineSpec: { tasks: [{ name: TASK }] },
    provenance: { refSource: { uri: bundleOf(run), digest: { sha256: digestOf(run) } } },
    childReferences: [{ kind: "TaskRun", name: `${run.metadata.name}-${TASK}`, pipelineTaskName: TASK }],
  };
}

/** A run that has ended. */
export function endedRun(run: PipelineRun, outcome: Outcome, now: number): PipelineRunStatus {
  const tasks = `Tasks Completed: 1 (Failed: ${outcome === "failed" ? "1" : "0"}, Cancelled 0), Skipped: 0`;
  const endings: Record<Outcome, TektonCondition> = {
    succeeded: succeeded("True", { reason: "Succeeded", message: tasks, now }),
    failed: succeeded("False", { reason: "Failed", message: tasks, now }),
    cancelled: succeeded("False", {
      reason: "Cancelled",
      message: `PipelineRun "${run.metadata.name}" was cancelled`,
      now,
    }),
  };
  return { ...run.status, completionTime: toTimestamp(now), conditions: [endings[outcome]] };
}

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
  readonly outcome: Outcome;
  readonly exitCode: number;
}

function stepReason({ outcome, exitCode }: TaskEnd): string {
  if (outcome === "cancelled") return "TaskRunCancelled";
  return exitCode === 0 ? "Completed" : "Error";
}

function taskCondition({ metadata }: PlayedTaskRun, { outcome, exitCode }: TaskEnd, now: number): TektonCondition {
  switch (outcome) {
    case "succeeded":
      return succeeded("True", { reason: "Succeeded", message: "All Steps have completed executing", now });
    case "failed": {
      const message = `"step-${STEP}" exited with code ${String(exitCode)}: Error`;
      return succeeded("False", { reason: "StepFailed", message, now });
    }
    case "cancelled": {
      const message = `TaskRun "${metadata.name}" was cancelled. ${CANCELLED_BY_RUN}`;
      return succeeded("False", { reason: "TaskRunCancelled", message, now });
    }
  }
}

/** spec.statusMessage of a TaskRun that its cancelled run has stopped. */
export const CANCELLED_BY_RUN = "TaskRun cancelled as the PipelineRun it belongs to has been cancelled.";

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

function succeeded(
  status: Status,
  { reason, message, now }: { readonly reason: string; readonly message: string; readonly now: number },
): TektonCondition {
  return { type: "Succeeded", status, reason, message, lastTransitionTime: toTimestamp(now) };
}

function bundleOf(run: PipelineRun): string {
  return run.spec.pipelineRef?.params.find(({ name }) => name === "bundle")?.value ?? "";
}

/** The digest that was asked for; for a tag, one that stands for what a registry would say. */
function digestOf(run: PipelineRun): string {
  return /@sha256:([0-9a-f]{64})$/.exec(bundleOf(run))?.[1] ?? "2".repeat(64);
}
