import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { fromTimestamp } from "../api/time.ts";
import { formatGoDuration, parseGoDuration } from "./go-duration.ts";

const DEFAULT_FINALLY_MS = 5 * 60_000;
/** `finally` gets this part of the whole where nobody said otherwise and the whole is short. */
const FINALLY_SHARE = 4;
/** Tekton measures in whole seconds; less makes no sense for a run that starts pods. */
const SHORTEST_MS = 1000;

export interface RunTimeouts {
  readonly pipelineMs: number;
  readonly tasksMs: number;
  readonly finallyMs: number;
}

/**
 * The timeouts of a run that starts now: the whole run, the part that its tasks get, and the part kept for `finally`,
 * where the rollback lives. The earlier of the timeout and `timesOutAt` wins. api.md section 1 (executionConfig).
 */
export function runTimeouts(execution: WorkflowExecution, defaultTimeoutMs: number, now: number): RunTimeouts {
  const { executionConfig, timesOutAt } = execution.spec;
  const configured = duration(executionConfig?.timeout) ?? defaultTimeoutMs;
  const left = timesOutAt === undefined ? configured : fromTimestamp(timesOutAt) - now;
  const pipelineMs = Math.max(SHORTEST_MS, Math.min(configured, left));
  const wanted = duration(executionConfig?.finallyTimeout) ?? Math.min(DEFAULT_FINALLY_MS, pipelineMs / FINALLY_SHARE);
  const finallyMs = Math.floor(wanted < pipelineMs ? wanted : pipelineMs / FINALLY_SHARE);
  return { pipelineMs, tasksMs: pipelineMs - finallyMs, finallyMs };
}

/** As Tekton's `spec.timeouts` wants them. */
export function tektonTimeouts(timeouts: RunTimeouts): {
  readonly pipeline: string;
  readonly tasks: string;
  readonly finally: string;
} {
  return {
    pipeline: formatGoDuration(timeouts.pipelineMs),
    tasks: formatGoDuration(timeouts.tasksMs),
    finally: formatGoDuration(timeouts.finallyMs),
  };
}

function duration(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseGoDuration(text);
}
