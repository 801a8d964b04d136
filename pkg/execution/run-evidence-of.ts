import type { PipelineRun } from "../api/tekton.ts";
import type { RunEvidence } from "../tekton/run-evidence.ts";
import type { ExecutionSnapshot } from "./snapshot.ts";

/** All that is known about the run of an execution. */
export function runEvidence(s: ExecutionSnapshot, run: PipelineRun): RunEvidence {
  return { run, taskRuns: s.taskRuns.value, pods: s.pods.value, live: s.live };
}
