/** A3 to A6: from the held lock to the started run. Each rule is one request of the protocol in lock.md section 2. */
import type { LockedRun } from "../../api/target-lock.ts";
import type { WorkflowExecution } from "../../api/workflow-execution.ts";
import { targetHash } from "../../lock/lock-name.ts";
import { boundLock } from "../../lock/lock-record.ts";
import { askedBundle } from "../../tekton/bundle.ts";
import { buildPipelineRun } from "../../tekton/pipeline-run.ts";
import { isPendingRun } from "../../tekton/run-state.ts";
import { deepEqual } from "../deep-equal.ts";
import { requestedEvent, startFacts } from "../facts.ts";
import { lookAtFirst } from "../look.ts";
import { lockRefOf, ownLock } from "../own-lock.ts";
import { exactly, ownRun } from "../own-run.ts";
import type { Case } from "../rule.ts";
import type { ExecutionSnapshot } from "../snapshot.ts";
import { DONE, type Step } from "../step.ts";
import { writeStatus } from "../write-status.ts";
import { awaitCommit } from "./await-commit.ts";
import { failBeforeRun, withdraw } from "./fail-before-run.ts";

/** A3: creates the run, born Pending; a creation that was refused for good ends the execution before it ran. */
export function createRun(c: Case): Step | undefined {
  const { s, w, policy } = c;
  const lock = ownLock(s, w);
  if (w.status?.executionRef !== undefined || lock === undefined) return undefined;
  const own = ownRun(s, w);
  // A creation that arrives late may follow the loss of the bound run under the same name: it is another run.
  if (lock.spec.run !== undefined && lock.spec.run.uid !== own?.metadata.uid) return lostBeforeStart(c, lock.spec.run);
  if (own !== undefined) return undefined;
  if (s.rejection !== undefined) return failBeforeRun(c, s.rejection);
  const run = buildPipelineRun(w, {
    namespace: policy.executionNamespace,
    serviceAccountName: policy.serviceAccountName,
    defaultTimeoutMs: policy.defaultTimeoutMs,
    now: s.now,
    lock: { hash: targetHash(lock.metadata.name), epoch: lock.spec.epoch, target: lock.spec.targetResource },
  });
  return { type: "CreateRun", run };
}

/** The run was bound to the lock and is gone before the execution knew of it: nobody can have started it. */
function lostBeforeStart(c: Case, run: LockedRun): Step {
  const { s, policy } = c;
  const message = `PipelineRun ${run.namespace}/${run.name} was deleted by somebody else before it was started`;
  return (
    lookAtFirst(s, ["runs"], policy.executionNamespace) ?? failBeforeRun(c, { reason: "ExternallyDeleted", message })
  );
}

/** A4: binds the run to the lock; from here on no other run can be started under this epoch. */
export function bindRun({ s, w }: Case): Step | undefined {
  const lock = ownLock(s, w);
  const run = ownRun(s, w);
  if (w.status?.executionRef !== undefined || lock === undefined || run === undefined) return undefined;
  if (run.metadata.deletionTimestamp !== undefined) return DONE;
  return lock.spec.run === undefined ? { type: "UpdateLock", lock: boundLock(lock, exactly(run)) } : undefined;
}

/** A5: the write-ahead record: which run, under which lock and epoch, and the intent to start it in the audit outbox. */
export function writeAhead({ s, w, policy }: Case): Step | undefined {
  const lock = ownLock(s, w);
  const run = ownRun(s, w);
  if (w.status?.executionRef !== undefined || lock === undefined || run === undefined) return undefined;
  const { image, digest } = askedBundle(w.spec.workflowRef);
  const where = `${run.metadata.namespace ?? ""}/${run.metadata.name}`;
  return writeStatus(s, w, {
    status: {
      reason: "Starting",
      message: `PipelineRun ${where} is about to be started`,
      executionRef: exactly(run),
      pipelineRunRef: { name: run.metadata.name },
      locks: [lockRefOf(lock)],
      bundle: digest === undefined ? { image } : { image, digest },
    },
    conditions: [
      {
        type: "ResourceLocked",
        status: "True",
        reason: "Locked",
        message: `target ${lock.spec.targetResource} is held`,
      },
      { type: "TektonPipelineCreated", status: "True", reason: "Created", message: `PipelineRun ${where}` },
    ],
    events: [
      requestedEvent(w, lock.spec.targetResource),
      { name: "starting", outcome: "pending", facts: startFacts(w, run, lock, policy) },
    ],
  });
}

/**
 * A6: starts the bound run by a tested patch, if the lock is still ours under the recorded epoch, and (audit mode strict)
 * the intent to start it is committed.
 */
export function startRun(c: Case): Step | undefined {
  const { s, w, policy } = c;
  const run = ownRun(s, w);
  if (w.status?.executionRef === undefined || run === undefined || !isPendingRun(run)) return undefined;
  if (run.metadata.deletionTimestamp !== undefined) return DONE;
  if (isBound(s, w)) {
    const { namespace, name, uid } = w.status.executionRef;
    return awaitCommit(c) ?? { type: "StartRun", run: { namespace, name, uid } };
  }
  const message = `target lock ${s.lockName ?? ""} was changed or removed by somebody else before the start`;
  return lookAtFirst(s, ["lock"], policy.executionNamespace) ?? withdraw(c, { reason: "ExternallyDeleted", message });
}

/** Still ours, for this very run, under the epoch of the write-ahead record. */
function isBound(s: ExecutionSnapshot, w: WorkflowExecution): boolean {
  const lock = ownLock(s, w);
  if (lock === undefined) return false;
  const isOwnRun = lock.spec.run?.uid === w.status?.executionRef?.uid;
  return isOwnRun && deepEqual(w.status?.locks?.[0], lockRefOf(lock));
}
