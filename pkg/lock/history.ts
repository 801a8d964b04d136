/** What a target's lock remembers of the workflows that ran on it (lock.md sections 1 and 4). */
import type { HistoryOutcome, TargetLock, WorkflowHistory } from "../api/target-lock.ts";
import { fromTimestamp, toTimestamp, toTimestampCeil } from "../api/time.ts";
import { backoffMs, type BackoffPolicy } from "./backoff.ts";
import type { BlockReason } from "./block.ts";

/** Most workflows that one record remembers: the size of an object in etcd is limited. */
export const MAX_WORKFLOWS = 256;

/** How a holder ended, as the history takes it in. */
export interface HolderOutcome {
  readonly workflowId: string;
  readonly bundle?: { readonly repository: string; readonly digest?: string };
  readonly execution: { readonly namespace: string; readonly name: string; readonly uid: string };
  /** What the execution's status says. */
  readonly outcome: HistoryOutcome;
  /** What follows from it for the next execution of the same workflow on this target. */
  readonly effect:
    /** It ran and succeeded: cooldown. BR-WE-010. */
    | "Completed"
    /** A step had started and it failed: the workflow is blocked on the target until someone clears that. BR-WE-013. */
    | "ExecutionFailed"
    /** Nothing ever ran: one more failure before execution, so backoff, and at last a block. BR-WE-012. */
    | "PreExecutionFailed"
    /** Ended before or while running by a person's or the clock's decision, without an effect to remember. */
    | "NotCounted"
    /** The execution and its run are gone: nobody knows. Cooldown from now, no block (lock.md R). */
    | "Unknown";
  /** Server time of the execution's terminal write, not of the release (ms). */
  readonly completedAt: number;
}

/** What an outcome means for the next execution. Times are milliseconds. */
export interface HistoryPolicy extends BackoffPolicy {
  readonly cooldownMs: number;
  /** After so many failures before execution in a row, only a person can allow the next attempt. */
  readonly maxConsecutiveFailures: number;
}

/** The record of one workflow on this target. */
export function historyOf(lock: TargetLock | undefined, workflowId: string): WorkflowHistory | undefined {
  return lock?.spec.workflows?.find((entry) => entry.workflowId === workflowId);
}

/** True where no other workflow fits into the record any more, because all in it are blocked: nothing new starts here. */
export function isFullOfBlocks(lock: TargetLock, workflowId: string): boolean {
  const { workflows = [] } = lock.spec;
  const isKnown = workflows.some((entry) => entry.workflowId === workflowId);
  return !isKnown && workflows.length >= MAX_WORKFLOWS && workflows.every((entry) => entry.blockedBy !== undefined);
}

/** End of a running cooldown of this workflow on this target (ms), undefined where none runs. BR-WE-010. */
export function cooldownEnd(lock: TargetLock | undefined, workflowId: string, now: number): number | undefined {
  const text = historyOf(lock, workflowId)?.cooldownEndsAt;
  return endAfter(text, now);
}

/** End of a running backoff after failures before execution (ms), undefined where none runs. BR-WE-012. */
export function backoffEnd(lock: TargetLock | undefined, workflowId: string, now: number): number | undefined {
  return endAfter(historyOf(lock, workflowId)?.nextAllowedAt, now);
}

function endAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const end = fromTimestamp(text);
  return now < end ? end : undefined;
}

/**
 * The history with one more outcome: entries that no longer matter are dropped, blocked ones never. An execution that is
 * in it already is not counted again, nor does it renew a block that was cleared.
 */
export function withOutcome(
  workflows: readonly WorkflowHistory[],
  ended: HolderOutcome,
  policy: HistoryPolicy,
  now: number,
): readonly WorkflowHistory[] {
  const before = workflows.find((entry) => entry.workflowId === ended.workflowId);
  if (before?.lastExecution?.uid === ended.execution.uid) return workflows;
  const others = workflows.filter((entry) => entry.workflowId !== ended.workflowId && stillMatters(entry, now));
  return bounded([...others, nextRecord(before, ended, policy)]);
}

function nextRecord(before: WorkflowHistory | undefined, ended: HolderOutcome, policy: HistoryPolicy): WorkflowHistory {
  return {
    workflowId: ended.workflowId,
    ...bundleOf(before, ended),
    lastExecution: ended.execution,
    lastOutcome: ended.outcome,
    completedAt: toTimestamp(ended.completedAt),
    ...cooldownAfter(before, ended, policy),
    ...failuresAfter(before, ended, policy),
    ...blockAfter(before, ended, policy),
  };
}

function bundleOf(before: WorkflowHistory | undefined, ended: HolderOutcome): Pick<WorkflowHistory, "bundle"> {
  const bundle = ended.bundle ?? before?.bundle;
  return bundle === undefined ? {} : { bundle };
}

/** An outcome never shortens a cooldown that runs already; rounding goes against the start. */
function cooldownAfter(
  before: WorkflowHistory | undefined,
  ended: HolderOutcome,
  policy: HistoryPolicy,
): Pick<WorkflowHistory, "cooldownEndsAt"> {
  const starts = ended.effect === "Completed" || ended.effect === "Unknown";
  const next = starts ? ended.completedAt + policy.cooldownMs : 0;
  const kept = before?.cooldownEndsAt === undefined ? 0 : fromTimestamp(before.cooldownEndsAt);
  const end = Math.max(next, kept);
  return end === 0 ? {} : { cooldownEndsAt: toTimestampCeil(end) };
}

/** The failures before execution in a row, and until when the workflow has to back off because of them. */
function failuresAfter(
  before: WorkflowHistory | undefined,
  ended: HolderOutcome,
  policy: HistoryPolicy,
): Pick<WorkflowHistory, "consecutiveFailures" | "nextAllowedAt"> {
  const { effect, completedAt } = ended;
  if (effect === "Completed" || effect === "ExecutionFailed") return { consecutiveFailures: 0 };
  const consecutiveFailures = failureCount(before) + (effect === "PreExecutionFailed" ? 1 : 0);
  if (effect === "PreExecutionFailed")
    return { consecutiveFailures, nextAllowedAt: nextAllowedAt(consecutiveFailures, completedAt, policy) };
  return before?.nextAllowedAt === undefined
    ? { consecutiveFailures }
    : { consecutiveFailures, nextAllowedAt: before.nextAllowedAt };
}

/** When the next attempt is allowed after so many failures before execution, the last of them at `failedAt` (ms). */
export function nextAllowedAt(failures: number, failedAt: number, policy: BackoffPolicy): string {
  return toTimestampCeil(failedAt + backoffMs(failures, policy));
}

/** Failures before execution in a row that a record counts. */
export function failureCount(entry: WorkflowHistory | undefined): number {
  return entry?.consecutiveFailures ?? 0;
}

/** A block is only ever lifted by an audited clearing: a later outcome keeps the one that is there. */
function blockAfter(
  before: WorkflowHistory | undefined,
  ended: HolderOutcome,
  policy: HistoryPolicy,
): Pick<WorkflowHistory, "blockedBy"> {
  if (before?.blockedBy !== undefined) return { blockedBy: before.blockedBy };
  const reason = blockReason(ended, failureCount(before) + 1, policy);
  return reason === undefined
    ? {}
    : { blockedBy: { ...ended.execution, since: toTimestamp(ended.completedAt), reason } };
}

function blockReason({ effect }: HolderOutcome, failures: number, policy: HistoryPolicy): BlockReason | undefined {
  if (effect === "ExecutionFailed") return "PreviousExecutionFailed";
  return effect === "PreExecutionFailed" && failures >= policy.maxConsecutiveFailures ? "ExhaustedRetries" : undefined;
}

/** Whether anything can still be decided from this record. */
export function stillMatters(entry: WorkflowHistory, now: number): boolean {
  if (entry.blockedBy !== undefined || failureCount(entry) > 0) return true;
  return entry.cooldownEndsAt !== undefined && now < fromTimestamp(entry.cooldownEndsAt);
}

/**
 * The oldest harmless records go first, then the oldest with failures: a longer list would be refused, and the target
 * never released. A record with a block is never dropped.
 */
function bounded(workflows: readonly WorkflowHistory[]): readonly WorkflowHistory[] {
  const excess = workflows.length - MAX_WORKFLOWS;
  if (excess <= 0) return workflows;
  const free = workflows.filter((entry) => entry.blockedBy === undefined);
  const harmless = free.filter((entry) => failureCount(entry) === 0).toSorted(byAge);
  const failing = free.filter((entry) => failureCount(entry) > 0).toSorted(byAge);
  const dropped = new Set([...harmless, ...failing].slice(0, excess));
  return workflows.filter((entry) => !dropped.has(entry));
}

function byAge(a: WorkflowHistory, b: WorkflowHistory): number {
  return (a.completedAt ?? "").localeCompare(b.completedAt ?? "");
}
