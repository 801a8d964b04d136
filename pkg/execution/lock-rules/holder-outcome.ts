import type { TargetLock } from "../../api/target-lock.ts";
import type { WorkflowExecution } from "../../api/workflow-execution.ts";
import type { HolderOutcome } from "../../lock/history.ts";
import { askedBundle } from "../../tekton/bundle.ts";
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
    // Held, never Bound: no run was ever started. Bound: nobody knows any more how it went.
    if (lock.spec.run === undefined) return undefined;
    return { workflowId, execution, outcome: "Unknown", effect: "Unknown", completedAt: s.now };
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
