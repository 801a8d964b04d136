import type { LockHolder } from "../../api/target-lock.ts";
import { toTimestamp } from "../../api/time.ts";
import { lockName } from "../../lock/lock-name.ts";
import { takenLock } from "../../lock/lock-record.ts";
import { look, lookAtFirst } from "../look.ts";
import { ownLock } from "../own-lock.ts";
import { resolveTarget } from "../resolve-target.ts";
import type { Case } from "../rule.ts";
import type { Step } from "../step.ts";
import { skip } from "./skip.ts";
import { targetObstacle, type TargetNow } from "./target-obstacle.ts";
import { isWaitedFor, waiterAhead, waitFor, waitForTurn } from "./wait-for-target.ts";

/**
 * A2: takes the target's lock, or waits for it, or skips the execution because something stands in the way. The execution
 * is read after the lock: so whoever had this lock in another controller and has ended since doesn't take it again. The
 * version of the lock alone doesn't tell that.
 */
export function takeTarget(c: Case): Step | undefined {
  const { s, w, policy } = c;
  if (w.status?.executionRef !== undefined) return undefined;
  const target = resolveTarget(w, s.kinds.value);
  if (target.type !== "canonical") return undefined;
  if (s.lockName !== lockName(target.text)) {
    return look({ ...s, lockName: lockName(target.text) }, "lock", policy.executionNamespace);
  }
  if (ownLock(s, w) !== undefined) return undefined;
  const at = { target: target.text, lock: s.lock.value, now: s.now };
  return standBack(c, at) ?? lookAtFirst(s, ["execution"], policy.executionNamespace) ?? take(c, at);
}

/** Waits or is skipped because of what stands in the way; undefined where it is this execution's turn. */
function standBack(c: Case, at: TargetNow): Step | undefined {
  const { s, w, policy } = c;
  const obstacle = targetObstacle(w, at);
  if (obstacle !== undefined && isWaitedFor(w, obstacle)) return waitFor(c, obstacle);
  if (obstacle !== undefined) return lookAtFirst(s, ["lock"], policy.executionNamespace) ?? skip(c, obstacle);
  const ahead = waiterAhead(c, at);
  return ahead === undefined ? undefined : waitForTurn(c, ahead);
}

function take(c: Case, { lock, target }: TargetNow): Step {
  const taken = takenLock(lock, target, holderOf(c));
  return lock === undefined ? { type: "CreateLock", lock: taken } : { type: "UpdateLock", lock: taken };
}

function holderOf({ s, w }: Case): LockHolder {
  const { namespace = "", name, uid = "" } = w.metadata;
  return { namespace, name, uid, workflowId: w.spec.workflowRef.workflowId, since: toTimestamp(s.now) };
}
