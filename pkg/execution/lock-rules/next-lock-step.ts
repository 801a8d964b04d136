/**
 * The life of a TargetLock between two holders. It runs from the lock's own key, so that nothing waits on a dead
 * controller or on a successor (lock.md R and S).
 */
import { LABEL_EXECUTION_UID } from "../../api/labels.ts";
import { isUnderstood } from "../../lock/lock-record.ts";
import { lookAtFirst } from "../look.ts";
import { understoodLock } from "../own-lock.ts";
import { exactVersion } from "../own-run.ts";
import type { Policy } from "../policy.ts";
import { isNews, nextAudit } from "../outbox.ts";
import { lookAtDoubtful } from "../rules/doubtful.ts";
import type { LockSnapshot } from "../snapshot.ts";
import { DONE, type Step } from "../step.ts";
import { clearOnLock } from "./clear-on-lock.ts";
import { release } from "./release.ts";
import { retire } from "./retire.ts";

/** Decides the next step of a lock's key. */
export function nextLockStep(s: LockSnapshot, policy: Policy): Step {
  return (
    lookAtDoubtful(s, policy) ??
    release(s, policy) ??
    clearOnLock(s) ??
    sweep(s, policy) ??
    acknowledge(s) ??
    retire(s, policy) ??
    DONE
  );
}

/** The lock's own outbox forgets what is committed. */
function acknowledge(s: LockSnapshot): Step | undefined {
  const lock = understoodLock(s);
  if (lock === undefined || !isNews(lock.spec.audit, s.receipt)) return undefined;
  const audit = nextAudit(lock.spec.audit, s.receipt, [], s.now);
  return { type: "UpdateLock", lock: { ...lock, spec: { ...lock.spec, audit } } };
}

/**
 * S: deletes Pending runs on this target whose owner doesn't hold it: a creation that arrived late, or the run of an
 * execution that ended. Its owner held the lock before the run was made and never takes it again, so a lock that was
 * read after the run was seen decides; the run's version as precondition proves that it is still Pending.
 */
function sweep(s: LockSnapshot, policy: Policy): Step | undefined {
  const lock = s.lock.value;
  if (lock !== undefined && !isUnderstood(lock)) return undefined;
  const holder = lock?.spec.holder?.uid;
  const stray = s.pendingRuns.find(
    ({ metadata }) => metadata.labels?.[LABEL_EXECUTION_UID] !== holder && metadata.deletionTimestamp === undefined,
  );
  if (stray === undefined) return undefined;
  return lookAtFirst(s, ["lock"], policy.executionNamespace) ?? { type: "DeleteRun", run: exactVersion(stray) };
}
