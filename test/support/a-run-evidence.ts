import type { Pod, PodEvent } from "../../pkg/api/core.ts";
import type { PipelineRun, TaskRun } from "../../pkg/api/tekton.ts";
import type { LiveEvidence, RunEvidence } from "../../pkg/tekton/run-evidence.ts";

/** What is known about a run; what isn't wished for is empty. */
export interface EvidenceWishes extends Partial<LiveEvidence> {
  readonly run?: PipelineRun;
  readonly taskRuns?: readonly TaskRun[];
  readonly pods?: readonly Pod[];
}

/** Builds the evidence about a run, by default one that has only a name. */
export function aRunEvidence(wishes: EvidenceWishes = {}): RunEvidence {
  const { run = aRun(), taskRuns = [], pods = [], lostPods = [], events = [], logs = [] } = wishes;
  return { run, taskRuns, pods, live: { lostPods, events, logs } };
}

/** A run of the tasks that are named, failed for that reason where one is given. */
export function aRun(reason?: string, tasks: readonly string[] = ["fail"], message = ""): PipelineRun {
  const conditions = reason === undefined ? [] : [{ type: "Succeeded", status: "False", reason, message } as const];
  return {
    metadata: { name: "run", uid: "uid-of-run", creationTimestamp: "2026-11-21T12:00:00Z" },
    spec: {},
    status: {
      startTime: "2026-11-21T12:00:00Z",
      conditions,
      pipelineSpec: { tasks: tasks.map((name) => ({ name })), finally: [] },
    },
  };
}

/** A warning about the pod of the task that is named. */
export function aPodEvent(reason: string, message: string, task = "fail", more: Partial<PodEvent> = {}): PodEvent {
  return {
    podName: `run-${task}-pod`,
    podUid: `uid-of-pod-of-${task}`,
    reason,
    message,
    at: "2026-11-21T12:00:06Z",
    ...more,
  };
}
