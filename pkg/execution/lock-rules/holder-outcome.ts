import type { LockedRun, TargetLock } from "../../api/target-lock.ts";
import { toTimestamp } from "../../api/time.ts";
import type { WorkflowExecution } from "../../api/workflow-execution.ts";
import type { HolderOutcome } from "../../lock/history.ts";
import { askedBundle, bundleOfRun } from "../../tekton/bundle.ts";
import { diagnose } from "../../tekton/diagnose.ts";
import { runState } from "../../tekton/run-state.ts";
import { conditionOf } from "../conditions.ts";
import { endingEffect, latestMoment } from "../ending-effect.ts";
import type { LockSnapshot } from "../snapshot.ts";

/** How the holder ended, for the lock's history; undefined where nothing happened that it should remember. */
export function holderOutcome(s: LockSnapshot, lock: TargetLock): HolderOutcome | undefined {
  const { holder } = lock.spec;
  if (holder === undefined) return undefined;
  const { namespace, name, uid, workflowId } = holder;
  const execution = { namespace, name, uid };
  const w = s.execution.value;
  if (w === undefined || w.metadata.uid !== uid) {
    // Held, never Bound: no run was ever started.
    return lock.spec.run && { workflowId, execution, ...toldByRun(s, lock, lock.spec.run), completedAt: s.now };
  }
  // Skipped by another controller while this one, with an older view, took the target for it.
  if (w.status?.phase === "Skipped") return undefined;
  return {
    workflowId,
    execution,
    bundle: bundleOf(w),
    outcome: outcomeOf(w),
    effect: endingEffect(w.status ?? {}),
    completedAt: decidedAt(w) ?? s.now,
  };
}

/**
 * Somebody removed the execution by force. Its run knows how it went, and whether a step had started: else taking an
 * execution away would lift its block. Where the run is gone too, nobody knows.
 */
function toldByRun(
  s: LockSnapshot,
  { spec: { targetResource, holder } }: TargetLock,
  bound: LockedRun,
): Pick<HolderOutcome, "bundle" | "outcome" | "effect"> {
  const run = s.runs.value.find(({ metadata }) => metadata.uid === bound.uid);
  if (run === undefined) return { outcome: "Unknown", effect: "Unknown" };
  const bundle = bundleOfRun(run);
  const ran = bundle === undefined ? {} : { bundle };
  if (runState(run).phase === "succeeded") return { ...ran, outcome: "Success", effect: "Completed" };
  const request = { workflowId: holder?.workflowId ?? "", version: "", targetResource, decidedAt: toTimestamp(s.now) };
  const failureDetails = diagnose({ run, taskRuns: s.taskRuns.value, pods: s.pods.value }, request);
  return {
    ...ran,
    outcome: failureDetails.reason === "Cancelled" ? "Cancelled" : "Failed",
    effect: endingEffect({ phase: "Failed", failureDetails, startTime: run.status?.startTime }),
  };
}

/** Server time of the terminal write: a controller that was down must not prolong a cooldown. */
function decidedAt(w: WorkflowExecution): number | undefined {
  const finished = conditionOf(w.status, "Finished");
  return finished === undefined ? undefined : latestMoment(finished.lastTransitionTime);
}

/** By the digest that was really run, where it is known. */
function bundleOf(w: WorkflowExecution): NonNullable<HolderOutcome["bundle"]> {
  const { repository, digest: asked } = askedBundle(w.spec.workflowRef);
  const digest = w.status?.bundle?.digest ?? asked;
  return digest === undefined ? { repository } : { repository, digest };
}

function outcomeOf(w: WorkflowExecution): HolderOutcome["outcome"] {
  const outcome = w.status?.outcome;
  return outcome === undefined || outcome === "n/a" ? "Unknown" : outcome;
}
