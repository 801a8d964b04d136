/**
 * What the checker reads from objects: written apart from the product's own functions, so that a mistake there doesn't
 * hide itself.
 */
import type { Pod } from "../../pkg/api/core.ts";
import type { ObjectMeta } from "../../pkg/api/meta.ts";
import type { PipelineRun, TaskRun } from "../../pkg/api/tekton.ts";
import type { TargetLock } from "../../pkg/api/target-lock.ts";
import type { LockRef, WorkflowExecution, WorkflowExecutionStatus } from "../../pkg/api/workflow-execution.ts";
import { fenceNumber } from "./subjects.ts";

/** How a run ended. */
export const OUTCOMES = { succeeded: 1, failed: 2, cancelled: 3 } as const;
export type Ending = keyof typeof OUTCOMES;

/** What the end of an execution means for the next one of the same workflow on the target. */
export const EFFECTS = { nothing: 1, cooldown: 2, backoff: 3, block: 4 } as const;
export type Effect = keyof typeof EFFECTS;

export interface RunFacts {
  readonly isPending: boolean;
  /** Tekton has taken it up. */
  readonly hasBegun: boolean;
  readonly isDone: boolean;
  readonly isDeleting: boolean;
  /** How hard somebody has asked it to stop: 0 not at all, else a place in STOPS from 1 on. */
  readonly stop: number;
}

/** What a run may be asked for, from the gentlest to the hardest: to let its tasks end, to stop them, to leave out `finally` too. */
const STOPS: readonly (string | undefined)[] = ["StoppedRunFinally", "CancelledRunFinally", "Cancelled"];
export const LETS_TASKS_END = 1;

/** Where a run is. */
export function runFacts({ metadata, spec, status }: PipelineRun): RunFacts {
  const succeeded = status?.conditions?.[0]?.status ?? "Unknown";
  return {
    isPending: spec.status === "PipelineRunPending",
    hasBegun: status?.startTime !== undefined,
    isDone: succeeded !== "Unknown",
    isDeleting: isDeleting(metadata),
    stop: STOPS.indexOf(spec.status) + 1,
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

/** A pod whose containers run, or may still start. */
export function isLivePod({ status }: Pod): boolean {
  return status?.phase === "Running" || status?.phase === "Pending";
}

export interface ExecutionFacts {
  readonly isTerminal: boolean;
  readonly phase: string;
  readonly isDeleting: boolean;
  /** Uid of its run. */
  readonly run: string;
  /** Under which lock and epoch its run may be started. */
  readonly fence: number;
  readonly lastEvent: number;
  /** The event of the intent to start its run, as long as it is in the outbox; else 0. */
  readonly intent: number;
  /** The last event is that it was deleted: nothing follows. */
  readonly isDeletionRecorded: boolean;
  /** It says that it waits for the target. */
  readonly isWaiting: boolean;
  /** A person asks to lift its block. */
  readonly isWishing: boolean;
}

/** Where an execution is. */
export function executionFacts({ metadata, status }: WorkflowExecution): ExecutionFacts {
  return {
    ...statusFacts(status ?? { phase: "Pending" }),
    isDeleting: isDeleting(metadata),
    isWishing: isWishing(metadata),
  };
}

function statusFacts(status: WorkflowExecutionStatus): Omit<ExecutionFacts, "isDeleting" | "isWishing"> {
  const { phase, reason = "", executionRef, locks, audit } = status;
  return {
    phase,
    isTerminal: phase !== "Pending" && phase !== "Running",
    run: executionRef?.uid ?? "",
    fence: fenceOf(locks),
    lastEvent: lastEvent(audit),
    intent: intentOf(audit),
    isDeletionRecorded: audit?.pending?.at(-1)?.type === "workflowexecution.workflow.deleted",
    isWaiting: phase === "Pending" && executionRef === undefined && reason.startsWith("WaitingFor"),
  };
}

function intentOf(outbox: Outbox | undefined): number {
  return outbox?.pending?.find(({ type }) => type === "workflowexecution.workflow.starting")?.ordinal ?? 0;
}

function fenceOf([lock]: readonly LockRef[] = []): number {
  return lock === undefined ? 0 : fenceNumber(lock.uid, lock.epoch);
}

function isDeleting({ deletionTimestamp }: ObjectMeta): boolean {
  return deletionTimestamp !== undefined;
}

function isWishing({ annotations }: ObjectMeta): boolean {
  return annotations?.["kubernaut.ai/clear-execution-block"] !== undefined;
}

export interface LockFacts {
  readonly isFree: boolean;
  /** Uid of the execution that holds it. */
  readonly holder: string;
  readonly lastEvent: number;
  /** Uids of the executions whose failure blocks a workflow. */
  readonly blockers: readonly string[];
  readonly isWished: boolean;
}

/** Where a lock is. */
export function lockFacts({ metadata, spec }: TargetLock): LockFacts {
  return {
    isFree: spec.state === "Free",
    holder: spec.holder?.uid ?? "",
    lastEvent: lastEvent(spec.audit),
    blockers: (spec.workflows ?? []).flatMap(({ blockedBy }) => (blockedBy === undefined ? [] : [blockedBy.uid])),
    isWished: isWishing(metadata),
  };
}

/** An outbox, of an execution or of a lock. */
export interface Outbox {
  readonly pending?: readonly { readonly ordinal: number; readonly type: string }[];
  readonly acked?: { readonly ordinal: number };
}

/** Ordinal of the last event that was put into an outbox. */
export function lastEvent(outbox: Outbox | undefined): number {
  return outbox?.pending?.at(-1)?.ordinal ?? outbox?.acked?.ordinal ?? 0;
}
