/**
 * D: a deleted execution takes its run with it. Its run is cancelled (politely first, so that `finally` can roll back),
 * the execution ends, its lock is released by the lock's own key, the run is deleted, its pods are awaited, the audit is
 * flushed; only then does the finalizer go (lock.md D, api.md section 1).
 */
import { fromTimestamp } from "../../api/time.ts";
import { parseGoDuration } from "../../tekton/go-duration.ts";
import { runTimeouts } from "../../tekton/timeouts.ts";
import type { PipelineRun } from "../../api/tekton.ts";
import { isDone, isPendingRun } from "../../tekton/run-state.ts";
import { conditionOf, isTerminal } from "../conditions.ts";
import { lookAtFirst } from "../look.ts";
import { allRecorded, isNews } from "../outbox.ts";
import { exactVersion, ownRun } from "../own-run.ts";
import { ownLock } from "../own-lock.ts";
import type { Case } from "../rule.ts";
import { DONE, type LookObject, type Step } from "../step.ts";
import { writeReceipt, writeStatus } from "../write-status.ts";
import { withdraw } from "./fail-before-run.ts";
import { hasFinalizer } from "./finalizer.ts";

const REMAINS: readonly LookObject[] = ["runs", "taskRuns", "pods"];

/** Brings a deleted execution to its end; the run's own end is another rule's matter. */
export function deleting(c: Case): Step | undefined {
  const { w } = c;
  if (w.metadata.deletionTimestamp === undefined) return undefined;
  if (!hasFinalizer(w.metadata.finalizers)) return DONE;
  return isTerminal(w.status?.phase) ? cleanUp(c) : stopRun(c);
}

function stopRun(c: Case): Step | undefined {
  const { s, w } = c;
  const verdict = { reason: "Cancelled", message: "the execution was deleted before its run was started" } as const;
  const run = ownRun(s, w);
  if (w.status?.executionRef === undefined) return withdraw(c, verdict);
  // A verdict that is written down is why the run is gone. One that was started all the same is cancelled like any other.
  if (run === undefined) return w.status.reason === verdict.reason ? withdraw(c, verdict) : undefined;
  if (isDone(run)) return undefined;
  return isPendingRun(run) ? withdraw(c, verdict) : cancel(c, run);
}

/** CancelledRunFinally first; when the time for `finally` is over, Cancelled. */
function cancel(c: Case, run: PipelineRun): Step | undefined {
  const { s, w } = c;
  const escalateAt = fromTimestamp(w.metadata.deletionTimestamp ?? "") + finallyMs(c, run);
  const mode = s.now < escalateAt ? "CancelledRunFinally" : "Cancelled";
  // Somebody who cancelled it for good is not overruled.
  if (run.spec.status === "Cancelled") return undefined;
  if (run.spec.status === mode) return { type: "Wait", until: escalateAt };
  return { type: "CancelRun", run: exactVersion(run), mode };
}

/** The time that the run itself was given for `finally`, however near its deadline is by now. */
function finallyMs({ s, w, policy }: Case, run: PipelineRun): number {
  return parseGoDuration(run.spec.timeouts?.finally ?? "") ?? runTimeouts(w, policy.defaultTimeoutMs, s.now).finallyMs;
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
  const facts = { deletedAt: w.metadata.deletionTimestamp, targetResource: s.lock.value?.spec.targetResource };
  return (
    writeStatus(s, w, {
      status: {},
      conditions: [{ type: "Reconciling", status: "True", reason: "Deleting", message }],
      events: [{ name: "deleted", outcome: "success", facts }],
    }) ?? DONE
  );
}
