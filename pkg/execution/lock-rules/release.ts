/** R: gives a target back when its holder has ended or is gone, and nothing of it can act any more (lock.md R). */
import type { PipelineRun } from "../../api/tekton.ts";
import type { TargetLock } from "../../api/target-lock.ts";
import { withOutcome } from "../../lock/history.ts";
import { isUnderstood, releasedLock } from "../../lock/lock-record.ts";
import { aliveChildren, strandedPods } from "../../tekton/alive.ts";
import { isPendingRun } from "../../tekton/run-state.ts";
import { conditionOf, isTerminal } from "../conditions.ts";
import { CHILDREN, lookAtFirst } from "../look.ts";
import { exactly, exactVersion } from "../own-run.ts";
import type { Policy } from "../policy.ts";
import type { LockSnapshot } from "../snapshot.ts";
import { DONE, type LookObject, type Step } from "../step.ts";
import { holderOutcome } from "./holder-outcome.ts";

const HOLDER: readonly LookObject[] = ["lock", "execution"];

/** The release, or what stands in its way. Undefined where the holder still needs the target. */
export function release(s: LockSnapshot, policy: Policy): Step | undefined {
  const lock = s.lock.value;
  if (lock?.spec.holder === undefined || !isUnderstood(lock) || !hasEnded(s)) return undefined;
  const looking = lookAtFirst(s, HOLDER, policy.executionNamespace);
  if (looking !== undefined) return looking;
  return (isAllOver(s) ? undefined : clear(s, policy)) ?? giveBack(s, lock, policy);
}

/** Nothing of the holder is left that can act: looked at, and where necessary removed. */
function clear(s: LockSnapshot, policy: Policy): Step | undefined {
  return lookAtFirst(s, CHILDREN, policy.executionNamespace) ?? removeRemains(s);
}

/**
 * The holder's own record says that its run had ended and nothing of it was alive: written after fresh reads, together
 * with the terminal phase, and true for ever (lock.md I3). So the same lists are not read twice.
 */
function isAllOver(s: LockSnapshot): boolean {
  const { value } = s.execution;
  if (value === undefined || value.metadata.uid !== s.lock.value?.spec.holder?.uid) return false;
  return conditionOf(value.status, "TektonPipelineComplete")?.status === "True";
}

/** The holder is terminal, or no object with its uid is there any more. Both are for ever. */
function hasEnded(s: LockSnapshot): boolean {
  const w = s.execution.value;
  return w?.metadata.uid !== s.lock.value?.spec.holder?.uid || isTerminal(w?.status?.phase);
}

/** Pending runs of the holder and pods that nobody else stops are deleted; whatever else is alive is waited for. */
function removeRemains(s: LockSnapshot): Step | undefined {
  const pending = s.runs.value.find(isPendingRun);
  if (pending !== undefined) return deleteOnce(pending);
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
