/**
 * D: a deleted execution takes its run with it. Its run is cancelled (politely first, so that `finally` can roll back),
 * the execution ends, its lock is released by the lock's own key, the run is deleted, its pods are awaited, the audit is
 * flushed; only then does the finalizer go (lock.md D, api.md section 1).
 */
import { fromTimestamp } from "../../api/time.ts";
import { conditionOf, isTerminal } from "../conditions.ts";
import { deletedEvent } from "../facts.ts";
import { lookAtFirst } from "../look.ts";
import { allRecorded, isNews } from "../outbox.ts";
import { exactVersion } from "../own-run.ts";
import { ownLock } from "../own-lock.ts";
import type { Case } from "../rule.ts";
import { DONE, type LookObject, type Step } from "../step.ts";
import { writeReceipt, writeStatus } from "../write-status.ts";
import type { Verdict } from "./fail-before-run.ts";
import { hasFinalizer } from "./finalizer.ts";
import { takeBack } from "./take-back.ts";

const REMAINS: readonly LookObject[] = ["runs", "taskRuns", "pods"];

const DELETED: Verdict = { reason: "Cancelled", message: "the execution was deleted before its run was started" };

/** Brings a deleted execution to its end; to stop a run, and to follow it to its end, is other rules' matter. */
export function deleting(c: Case): Step | undefined {
  const { w } = c;
  if (w.metadata.deletionTimestamp === undefined) return undefined;
  if (!hasFinalizer(w.metadata.finalizers)) return DONE;
  return isTerminal(w.status?.phase) ? cleanUp(c) : takeBack(c, DELETED);
}

function cleanUp(c: Case): Step {
  const { s, w, policy } = c;
  if (!isDeletionRecorded(c)) return recordDeletion(c);
  const looking = lookAtFirst(s, s.lockName === undefined ? REMAINS : [...REMAINS, "lock"], policy.executionNamespace);
  if (looking !== undefined) return looking;
  const run = s.runs.value.find(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (run !== undefined) return { type: "DeleteRun", run: exactVersion(run) };
  const remains = s.runs.value.length + s.taskRuns.value.length + s.pods.value.length;
  if (remains > 0 || ownLock(s, w) !== undefined) return DONE;
  return afterAudit(c);
}

/** The finalizer goes when every event is committed, and a settle time passed (an asynchronous failover may lose one). */
function afterAudit({ s, w, policy }: Case): Step {
  const audit = w.status?.audit;
  if (isNews(audit, s.receipt)) return writeReceipt(s, w);
  if (!allRecorded(audit)) return DONE;
  const settled = fromTimestamp(audit?.acked?.at ?? "") + policy.auditSettleMs;
  return s.now < settled ? { type: "Wait", until: settled } : { type: "RemoveFinalizer", execution: w };
}

function isDeletionRecorded({ w }: Case): boolean {
  return conditionOf(w.status, "Reconciling")?.reason === "Deleting";
}

/** The condition is the memory that the event was written: the outbox forgets it once it is committed. */
function recordDeletion({ s, w }: Case): Step {
  const message = "the execution was deleted; its run, pods and audit events are awaited";
  return (
    writeStatus(s, w, {
      status: {},
      conditions: [{ type: "Reconciling", status: "True", reason: "Deleting", message }],
      events: [deletedEvent(w, s.lock.value?.spec.targetResource)],
    }) ?? DONE
  );
}
