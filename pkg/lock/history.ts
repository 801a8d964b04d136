/** What a target's lock remembers of the workflows that ran on it (lock.md sections 1 and 4). */
import type { HistoryOutcome, TargetLock, WorkflowHistory } from "../api/target-lock.ts";
import { fromTimestamp, toTimestamp, toTimestampCeil } from "../api/time.ts";

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
    /** It ran and succeeded: cooldown. */
    | "Completed"
    /** A step had started and it failed: no cooldown, and the count of failures before execution starts anew. */
    | "ExecutionFailed"
    /** Nothing ever ran: one more failure before execution. */
    | "PreExecutionFailed"
    /** Ended before or while running by a person's or the clock's decision, without an effect to remember. */
    | "NotCounted"
    /** The execution and its run are gone: nobody knows. Cooldown from now, no block. */
    | "Unknown";
  /** Server time of the execution's terminal write, not of the release (ms). */
  readonly completedAt: number;
}

export interface CooldownPolicy {
  readonly cooldownMs: number;
}

/** The record of one workflow on this target. */
export function historyOf(lock: TargetLock | undefined, workflowId: string): WorkflowHistory | undefined {
  return lock?.spec.workflows?.find((entry) => entry.workflowId === workflowId);
}

/** End of a running cooldown of this workflow on this target (ms), undefined where none runs. BR-WE-010. */
export function cooldownEnd(lock: TargetLock | undefined, workflowId: string, now: number): number | undefined {
  const text = historyOf(lock, workflowId)?.cooldownEndsAt;
  if (text === undefined) return undefined;
  const end = fromTimestamp(text);
  return now < end ? end : undefined;
}

/** The history with one more outcome: entries that no longer matter are dropped, blocked ones never. */
export function withOutcome(
  workflows: readonly WorkflowHistory[],
  ended: HolderOutcome,
  policy: CooldownPolicy,
  now: number,
): readonly WorkflowHistory[] {
  const before = workflows.find((entry) => entry.workflowId === ended.workflowId);
  const others = workflows.filter((entry) => entry.workflowId !== ended.workflowId && stillMatters(entry, now));
  return bounded([...others, nextRecord(before, ended, policy)]);
}

function nextRecord(
  before: WorkflowHistory | undefined,
  ended: HolderOutcome,
  policy: CooldownPolicy,
): WorkflowHistory {
  return {
    workflowId: ended.workflowId,
    ...bundleOf(before, ended),
    lastExecution: ended.execution,
    lastOutcome: ended.outcome,
    completedAt: toTimestamp(ended.completedAt),
    ...cooldownAfter(before, ended, policy),
    consecutiveFailures: failuresAfter(before?.consecutiveFailures ?? 0, ended.effect),
    ...blockAfter(before),
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
  policy: CooldownPolicy,
): Pick<WorkflowHistory, "cooldownEndsAt"> {
  const starts = ended.effect === "Completed" || ended.effect === "Unknown";
  const next = starts ? ended.completedAt + policy.cooldownMs : 0;
  const kept = before?.cooldownEndsAt === undefined ? 0 : fromTimestamp(before.cooldownEndsAt);
  const end = Math.max(next, kept);
  return end === 0 ? {} : { cooldownEndsAt: toTimestampCeil(end) };
}

function failuresAfter(failures: number, effect: HolderOutcome["effect"]): number {
  if (effect === "PreExecutionFailed") return failures + 1;
  return effect === "NotCounted" || effect === "Unknown" ? failures : 0;
}

/** A block is only ever lifted by an audited clearing: a later outcome keeps the one that is there. */
function blockAfter(before: WorkflowHistory | undefined): Pick<WorkflowHistory, "blockedBy"> {
  return before?.blockedBy === undefined ? {} : { blockedBy: before.blockedBy };
}

function stillMatters(entry: WorkflowHistory, now: number): boolean {
  if (entry.blockedBy !== undefined || hasFailures(entry)) return true;
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
  const harmless = free.filter((entry) => !hasFailures(entry)).toSorted(byAge);
  const failing = free.filter(hasFailures).toSorted(byAge);
  const dropped = new Set([...harmless, ...failing].slice(0, excess));
  return workflows.filter((entry) => !dropped.has(entry));
}

function hasFailures(entry: WorkflowHistory): boolean {
  return (entry.consecutiveFailures ?? 0) > 0;
}

function byAge(a: WorkflowHistory, b: WorkflowHistory): number {
  return (a.completedAt ?? "").localeCompare(b.completedAt ?? "");
}
