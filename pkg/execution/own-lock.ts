import type { TargetLock } from "../api/target-lock.ts";
import type { LockRef, WorkflowExecution } from "../api/workflow-execution.ts";
import { isUnderstood } from "../lock/lock-record.ts";
import type { ExecutionSnapshot, Snapshot } from "./snapshot.ts";

/** The target's lock, if there is one and this version of the controller understands its record. */
export function understoodLock(s: Snapshot): TargetLock | undefined {
  const lock = s.lock.value;
  return lock !== undefined && isUnderstood(lock) ? lock : undefined;
}

/** The target's lock where this execution holds it. */
export function ownLock(s: ExecutionSnapshot, w: WorkflowExecution): TargetLock | undefined {
  const lock = understoodLock(s);
  return lock?.spec.holder?.uid === w.metadata.uid ? lock : undefined;
}

/** What an execution remembers of a lock: uid and epoch together are the fencing number. */
export function lockRefOf(lock: TargetLock): LockRef {
  return { name: lock.metadata.name, uid: lock.metadata.uid ?? "", epoch: lock.spec.epoch };
}
