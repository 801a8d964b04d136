import type { LockHolder } from "../../api/target-lock.ts";
import { toTimestamp } from "../../api/time.ts";
import type { SkipDetails } from "../../api/workflow-execution.ts";
import { cooldownEnd } from "../../lock/history.ts";
import { lockName } from "../../lock/lock-name.ts";
import { isUnderstood, takenLock } from "../../lock/lock-record.ts";
import { look, lookAtFirst } from "../look.ts";
import { ownLock } from "../own-lock.ts";
import { resolveTarget } from "../resolve-target.ts";
import type { Case } from "../rule.ts";
import type { Step } from "../step.ts";
import { skip } from "./skip.ts";
import { recentRemediationDetails, resourceBusyDetails } from "./skip-details.ts";

/** A2: takes the target's lock, or skips the execution because the target is busy or was just remediated. */
export function takeTarget(c: Case): Step | undefined {
  const { s, w, policy } = c;
  if (w.status?.executionRef !== undefined) return undefined;
  const target = resolveTarget(w, s.kinds.value);
  if (target.type !== "canonical") return undefined;
  if (s.lockName !== lockName(target.text)) {
    return look({ ...s, lockName: lockName(target.text) }, "lock", policy.executionNamespace);
  }
  if (ownLock(s, w) !== undefined) return undefined;
  const lock = s.lock.value;
  const details = refusal(c, target.text);
  if (details !== undefined) return lookAtFirst(s, ["lock"], policy.executionNamespace) ?? skip(c, details);
  const taken = takenLock(lock, target.text, holderOf(c));
  return lock === undefined ? { type: "CreateLock", lock: taken } : { type: "UpdateLock", lock: taken };
}

/** Why the target can't be taken now. A record that this version doesn't understand counts as busy. BR-WE-009, BR-WE-010. */
function refusal({ s, w }: Case, target: string): SkipDetails | undefined {
  const lock = s.lock.value;
  if (lock === undefined) return undefined;
  if (!isUnderstood(lock) || lock.spec.state !== "Free" || lock.spec.targetResource !== target) {
    return resourceBusyDetails(lock, target, s.now);
  }
  const end = cooldownEnd(lock, w.spec.workflowRef.workflowId, s.now);
  if (end === undefined) return undefined;
  return recentRemediationDetails(lock, w.spec.workflowRef.workflowId, { end, now: s.now });
}

function holderOf({ s, w }: Case): LockHolder {
  const { namespace = "", name, uid = "" } = w.metadata;
  return { namespace, name, uid, workflowId: w.spec.workflowRef.workflowId, since: toTimestamp(s.now) };
}
