/**
 * The transitions of a TargetLock. Each gives the whole next record; the caller writes it with compare-and-swap on
 * metadata.resourceVersion, so one write is one state (lock.md sections 1 and 2).
 *
 *   Free --take--> Held(w, epoch+1) --bind--> Bound(w, run) --release--> Free (w's outcome in the history)
 */
import { API_VERSION } from "../api/labels.ts";
import type { LockedRun, LockHolder, LockSummary, TargetLock, WorkflowHistory } from "../api/target-lock.ts";
import { blockedWorkflows } from "./block.ts";
import { lockName } from "./lock-name.ts";

export const LOCK_FORMAT_VERSION = 1;

/** True where this version of the controller understands the record; otherwise it counts as busy and is never written. */
export function isUnderstood(lock: TargetLock): boolean {
  return lock.spec.formatVersion === LOCK_FORMAT_VERSION && ["Free", "Held", "Bound"].includes(lock.spec.state);
}

/** The lock taken for an execution (A2): a new record, or the next epoch of a Free one. */
export function takenLock(lock: TargetLock | undefined, target: string, holder: LockHolder): TargetLock {
  const held = { state: "Held", holder, summary: summaryOf(holder, undefined, lock?.spec.workflows ?? []) } as const;
  if (lock === undefined) {
    return {
      apiVersion: API_VERSION,
      kind: "TargetLock",
      metadata: { name: lockName(target) },
      spec: { formatVersion: LOCK_FORMAT_VERSION, targetResource: target, epoch: 1, ...held },
    };
  }
  return { ...lock, spec: { ...lock.spec, ...held, epoch: lock.spec.epoch + 1 } };
}

/** The lock bound to its holder's run (A4): from here on only that run may be started. */
export function boundLock(lock: TargetLock, run: LockedRun): TargetLock {
  const { holder, workflows } = lock.spec;
  if (holder === undefined) return lock;
  return { ...lock, spec: { ...lock.spec, state: "Bound", run, summary: summaryOf(holder, run, workflows ?? []) } };
}

/** The bound lock whose holder and run are both gone, neither by us: noticed at that time (RFC 3339). */
export function missingRunLock(lock: TargetLock, noticedAt: string): TargetLock {
  return { ...lock, spec: { ...lock.spec, runMissingSince: noticedAt } };
}

/** The lock given back (R), with the history that already contains the holder's outcome. */
export function releasedLock(lock: TargetLock, workflows: readonly WorkflowHistory[]): TargetLock {
  const { holder: _holder, run: _run, runMissingSince: _missing, ...kept } = lock.spec;
  return withHistory({ ...lock, spec: { ...kept, state: "Free" } }, workflows);
}

/** The same lock with another history; what it says in words follows. */
export function withHistory(lock: TargetLock, workflows: readonly WorkflowHistory[]): TargetLock {
  const { summary: _summary, ...kept } = lock.spec;
  const { holder, run } = kept;
  const blocked = blockedIds(workflows);
  if (holder !== undefined)
    return { ...lock, spec: { ...kept, workflows, summary: summaryOf(holder, run, workflows) } };
  return { ...lock, spec: { ...kept, workflows, ...(blocked === "" ? {} : { summary: { blocked } }) } };
}

function summaryOf(holder: LockHolder, run: LockedRun | undefined, workflows: readonly WorkflowHistory[]): LockSummary {
  const blocked = blockedIds(workflows);
  return {
    holder: `${holder.namespace}/${holder.name}`,
    since: holder.since,
    ...(run === undefined ? {} : { run: `${run.namespace}/${run.name}` }),
    ...(blocked === "" ? {} : { blocked }),
  };
}

function blockedIds(workflows: readonly WorkflowHistory[]): string {
  return blockedWorkflows(workflows)
    .map((entry) => entry.workflowId)
    .join(",");
}
