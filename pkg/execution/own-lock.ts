import type { TargetLock } from "../api/target-lock.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { isUnderstood } from "../lock/lock-record.ts";
import type { ExecutionSnapshot } from "./snapshot.ts";

/** The target's lock where this execution holds it. */
export function ownLock(s: ExecutionSnapshot, w: WorkflowExecution): TargetLock | undefined {
  const lock = s.lock.value;
  return lock !== undefined && isUnderstood(lock) && lock.spec.holder?.uid === w.metadata.uid ? lock : undefined;
}
