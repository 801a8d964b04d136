/**
 * The lock check: from the first request with which an execution asks for its target to the answer, which is the taken
 * lock or the knowledge that it can't be taken now. Requests that lost against somebody else's, and what was read
 * because of that, belong to it.
 */
import type { TakenStep } from "../../pkg/controller/reconcile.ts";
import { isUnstarted } from "../../pkg/execution/conditions.ts";
import type { ExecutionSnapshot } from "../../pkg/execution/snapshot.ts";
import type { Step } from "../../pkg/execution/step.ts";

interface Check {
  readonly began: number;
  /** Whether the lock itself was read or written: only then it was a check at all. */
  readonly asked: boolean;
}

/** The checks under way, by the `ref` of their snapshots: each reconcile makes one, and hands it on. */
const underWay = new WeakMap<ExecutionSnapshot["ref"], Check>();

/**
 * How long the check took (seconds, between two times of the API server's clock) that ended with this step, or before
 * it; undefined where none did. To be asked once for every step. A check without an answer, because the API server gave
 * none or the lock kept changing, is forgotten.
 */
export function lockCheckSeconds({ snapshot, step, result, seconds }: TakenStep): number | undefined {
  if (snapshot.kind !== "execution") return undefined;
  const { ref, now } = snapshot;
  const { began, asked } = underWay.get(ref) ?? { began: now, asked: false };
  const isTry = isTryOf(step, snapshot);
  if ((isTry || isReread(step, snapshot)) && result.type !== "wroteLock") {
    underWay.set(ref, { began, asked: asked || isTry });
    return undefined;
  }
  underWay.delete(ref);
  if (isTry) return (now - began) / 1000 + seconds;
  return asked ? (now - began) / 1000 : undefined;
}

/** Reads the lock, or tries to take it. */
function isTryOf(step: Step, snapshot: ExecutionSnapshot): boolean {
  if (step.type === "CreateLock") return true;
  if (step.type === "UpdateLock") return step.lock.spec.state === "Held";
  return step.type === "Look" && step.object === "lock" && isWithoutTarget(snapshot);
}

/** Reads the execution again, as is done before its target is taken. */
function isReread(step: Step, snapshot: ExecutionSnapshot): boolean {
  return step.type === "Look" && step.object === "execution" && isWithoutTarget(snapshot);
}

/** Others than these look for other reasons: to end, or to clear a block. */
function isWithoutTarget({ execution, lock }: ExecutionSnapshot): boolean {
  const w = execution.value;
  return w !== undefined && isUnstarted(w) && lock.value?.spec.holder?.uid !== w.metadata.uid;
}
