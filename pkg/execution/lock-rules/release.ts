/** R: gives a target back when its holder has ended or is gone, and nothing of it can act any more (lock.md R). */
import type { PipelineRun } from "../../api/tekton.ts";
import type { TargetLock } from "../../api/target-lock.ts";
import { toTimestamp } from "../../api/time.ts";
import type { WorkflowExecution } from "../../api/workflow-execution.ts";
import { withOutcome } from "../../lock/history.ts";
import { missingRunLock, releasedLock } from "../../lock/lock-record.ts";
import { aliveChildren, strandedPods } from "../../tekton/alive.ts";
import { isDone, isPendingRun } from "../../tekton/run-state.ts";
import { understoodLock } from "../own-lock.ts";
import { isBarren } from "../barren-run.ts";
import { conditionOf, isTerminal } from "../conditions.ts";
import { latestMoment } from "../ending-effect.ts";
import { CHILDREN, CHILDREN_FIRST, lookAtFirst } from "../look.ts";
import { exactly, exactVersion } from "../own-run.ts";
import type { Policy } from "../policy.ts";
import type { LockSnapshot } from "../snapshot.ts";
import { DONE, type LookObject, type Step } from "../step.ts";
import { missedTaskRun } from "../stragglers.ts";
import { holderOutcome } from "./holder-outcome.ts";

const HOLDER: readonly LookObject[] = ["lock", "execution"];

/** The release, or what stands in its way. Undefined where the holder still needs the target. */
export function release(s: LockSnapshot, policy: Policy): Step | undefined {
  const lock = understoodLock(s);
  if (lock?.spec.holder === undefined || !hasEnded(s, lock)) return undefined;
  const looking = lookAtFirst(s, HOLDER, policy.executionNamespace);
  if (looking !== undefined) return looking;
  return (isAllOver(s, lock) ? undefined : clear(s, lock, policy)) ?? giveBack(s, lock, policy);
}

/** Nothing of the holder is left that can act: looked at, and where necessary removed. */
function clear(s: LockSnapshot, lock: TargetLock, policy: Policy): Step | undefined {
  const { executionNamespace } = policy;
  return (
    lookAtFirst(s, s.runs.value.some(isBarren) ? CHILDREN_FIRST : ["runs"], executionNamespace) ??
    awaitSettled(s, lock, policy) ??
    lookAtFirst(s, CHILDREN, executionNamespace) ??
    removeRemains(s)
  );
}

/**
 * Holder and run are both gone, and none of it was our doing: our own deletion of an execution waits until nothing of it
 * is left, and only then lets it go. Tekton may still make children of such a run, acting on an older view, and nobody's
 * status remembers when it vanished: the lock does.
 */
function awaitSettled(s: LockSnapshot, lock: TargetLock, policy: Policy): Step | undefined {
  const { run, runMissingSince } = lock.spec;
  if (run === undefined || isHolder(s.execution.value, lock)) return undefined;
  if (s.runs.value.some(({ metadata }) => metadata.uid === run.uid)) return undefined;
  if (runMissingSince === undefined) {
    return { type: "UpdateLock", lock: missingRunLock(lock, toTimestamp(s.now)) };
  }
  const until = latestMoment(runMissingSince) + policy.externalDeletionSettleMs;
  return s.now < until ? { type: "Wait", until } : undefined;
}

function isHolder(w: WorkflowExecution | undefined, lock: TargetLock): boolean {
  return w !== undefined && w.metadata.uid === lock.spec.holder?.uid;
}

/**
 * The holder's own record says that its run had ended and nothing of it was alive: written after fresh reads, together
 * with the terminal phase, and true for ever (lock.md I3). So the same lists are not read twice.
 */
function isAllOver({ execution: { value } }: LockSnapshot, lock: TargetLock): boolean {
  return isHolder(value, lock) && conditionOf(value?.status, "TektonPipelineComplete")?.status === "True";
}

/** The holder is terminal, or no object with its uid is there any more. Both are for ever. */
function hasEnded({ execution: { value } }: LockSnapshot, lock: TargetLock): boolean {
  return !isHolder(value, lock) || isTerminal(value?.status?.phase);
}

/** Pending runs of the holder and pods that nobody else stops are deleted, TaskRuns that nobody stops are cancelled; whatever else is alive is waited for. */
function removeRemains(s: LockSnapshot): Step | undefined {
  const pending = s.runs.value.find(isPendingRun);
  if (pending !== undefined) return deleteOnce(pending);
  const missed = s.runs.value.some((run) => !isDone(run)) ? undefined : missedTaskRun(s.taskRuns.value);
  if (missed !== undefined) return { type: "CancelTaskRun", taskRun: exactVersion(missed) };
  const [stranded] = s.runs.value.flatMap((run) => strandedPods(run, s.pods.value));
  if (stranded !== undefined) return { type: "DeletePod", pod: exactly(stranded) };
  const alive = aliveChildren({
    runs: s.runs.value,
    taskRuns: s.taskRuns.value,
    customRuns: s.customRuns.value,
    pods: s.pods.value,
  });
  return alive.length > 0 ? DONE : undefined;
}

function deleteOnce(run: PipelineRun): Step {
  return run.metadata.deletionTimestamp === undefined ? { type: "DeleteRun", run: exactVersion(run) } : DONE;
}

function giveBack(s: LockSnapshot, lock: TargetLock, policy: Policy): Step {
  const ended = holderOutcome(s, lock);
  const workflows = lock.spec.workflows ?? [];
  const history = ended === undefined ? workflows : withOutcome(workflows, ended, policy, s.now);
  return { type: "UpdateLock", lock: releasedLock(lock, history) };
}
