import type { Pod } from "../api/core.ts";
import type { PipelineRun, TaskRun } from "../api/tekton.ts";

/** What is known about one run: the run, the TaskRuns that it made, and those of their pods that still exist. */
export interface RunEvidence {
  readonly run: PipelineRun;
  readonly taskRuns: readonly TaskRun[];
  readonly pods: readonly Pod[];
  /** The last lines of the step that is to blame, where they could be read before its pod was gone. */
  readonly logTail?: string;
}
