import type { TargetLock } from "../../api/target-lock.ts";
import { fromTimestamp } from "../../api/time.ts";
import type { WorkflowExecution } from "../../api/workflow-execution.ts";
import type { HolderOutcome } from "../../lock/history.ts";
import { askedBundle } from "../../tekton/bundle.ts";
import { conditionOf } from "../conditions.ts";
import type { LockSnapshot } from "../snapshot.ts";

/** Endings before a run that say nothing about the workflow or the target: not counted for the backoff. */
const NOT_COUNTED: ReadonlySet<string> = new Set([
  "DeadlineExceeded",
  "UnsupportedFeature",
  "UnsupportedCluster",
  "UnsupportedEngine",
  "ExternallyDeleted",
  "Cancelled",
]);

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
  const effect = effectOf(w);
  const { repository, digest } = askedBundle(w.spec.workflowRef);
  const resolved = w.status?.bundle?.digest ?? digest;
  return {
    workflowId,
    execution,
    bundle: resolved === undefined ? { repository } : { repository, digest: resolved },
    outcome: outcomeOf(w),
    effect,
    completedAt: decidedAt(w) ?? s.now,
  };
}

/** Fractions of a second are cut off in timestamps; the cooldown counts from the latest moment that one can mean. */
const CUT_OFF_MS = 999;

/** Server time of the terminal write: a controller that was down must not prolong a cooldown. */
function decidedAt(w: WorkflowExecution): number | undefined {
  const finished = conditionOf(w.status, "Finished");
  return finished === undefined ? undefined : fromTimestamp(finished.lastTransitionTime) + CUT_OFF_MS;
}

function outcomeOf(w: WorkflowExecution): HolderOutcome["outcome"] {
  const outcome = w.status?.outcome;
  return outcome === undefined || outcome === "n/a" ? "Unknown" : outcome;
}

function effectOf(w: WorkflowExecution): HolderOutcome["effect"] {
  const { phase, failureDetails } = w.status ?? {};
  if (phase === "Completed") return "Completed";
  if (phase !== "Failed") return "NotCounted";
  if (failureDetails?.wasExecutionFailure === true) return "ExecutionFailed";
  return NOT_COUNTED.has(failureDetails?.reason ?? "") ? "NotCounted" : "PreExecutionFailed";
}
