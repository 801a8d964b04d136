/**
 * What the checker reads from objects: written apart from the product's own functions, so that a mistake there doesn't
 * hide itself.
 */
import type { Pod } from "../../pkg/api/core.ts";
import type { PipelineRun, TaskRun } from "../../pkg/api/tekton.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";

export interface RunFacts {
  readonly isPending: boolean;
  /** Tekton has taken it up. */
  readonly hasBegun: boolean;
  readonly isDone: boolean;
  readonly isDeleting: boolean;
  readonly isCancelled: boolean;
}

/** Where a run is. */
export function runFacts({ metadata, spec, status }: PipelineRun): RunFacts {
  const succeeded = status?.conditions?.[0]?.status ?? "Unknown";
  return {
    isPending: spec.status === "PipelineRunPending",
    hasBegun: status?.startTime !== undefined,
    isDone: succeeded !== "Unknown",
    isDeleting: metadata.deletionTimestamp !== undefined,
    isCancelled: spec.status?.startsWith("Cancelled") === true,
  };
}

/** A run that acts or will act: started, not done, and not deleted before Tekton took it up. */
export function isLiveRun({ isPending, isDone, isDeleting, hasBegun }: RunFacts): boolean {
  return !isPending && !isDone && (hasBegun || !isDeleting);
}

/** A TaskRun that hasn't ended. */
export function isWorkingTaskRun({ status }: TaskRun): boolean {
  return status?.conditions?.[0]?.status === "Unknown";
}

/** A pod whose containers haven't all stopped. */
export function isLivePod({ status }: Pod): boolean {
  return status?.phase === "Running";
}

export interface ExecutionFacts {
  readonly isTerminal: boolean;
  readonly phase: string;
  readonly isDeleting: boolean;
  readonly run: string;
  readonly lastEvent: number;
}

/** Where an execution is. */
export function executionFacts({ metadata, status }: WorkflowExecution): ExecutionFacts {
  const phase = status?.phase ?? "Pending";
  return {
    phase,
    isTerminal: phase !== "Pending" && phase !== "Running",
    isDeleting: metadata.deletionTimestamp !== undefined,
    run: status?.executionRef?.uid ?? "",
    lastEvent: lastEvent(status?.audit),
  };
}

function lastEvent(audit: NonNullable<WorkflowExecution["status"]>["audit"]): number {
  return audit?.pending?.at(-1)?.ordinal ?? audit?.acked?.ordinal ?? 0;
}
