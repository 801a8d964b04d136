import type { Pod, PodEvent } from "../api/core.ts";
import type { PipelineRun, TaskRun } from "../api/tekton.ts";

/** What is known about one run: the run, the TaskRuns that it made, and those of their pods that still exist. */
export interface RunEvidence {
  readonly run: PipelineRun;
  readonly taskRuns: readonly TaskRun[];
  readonly pods: readonly Pod[];
  readonly live?: LiveEvidence;
}

/**
 * What was seen while the run lived and can't be read any more: Tekton deletes pods on cancel, timeout and image pull
 * failure (failures.md section 3). Only in the memory of the process that saw it.
 */
export interface LiveEvidence {
  /** Pods of the run that are gone, each as last seen; also one that was made again under the same name. */
  readonly lostPods: readonly Pod[];
  /** Warnings about its pods. */
  readonly events: readonly PodEvent[];
  /** The ends of logs. */
  readonly logs: readonly StepLog[];
}

/** The last lines of one container, as it wrote them; empty where they could not be read. */
export interface StepLog {
  readonly podUid: string;
  readonly podName: string;
  readonly container: string;
  readonly text: string;
}

export const NO_LIVE_EVIDENCE: LiveEvidence = { lostPods: [], events: [], logs: [] };
