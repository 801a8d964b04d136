/**
 * Takes the answer of a step into the snapshot: the object that a write returned replaces the one in the snapshot, a
 * refused write makes its object doubtful, an unknown outcome ends this attempt. Pure; the same function runs in the
 * controller, in the tests and in the simulation (design.md section 2).
 */
import type { Pod } from "../api/core.ts";
import type { PipelineRun } from "../api/tekton.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { isPendingRun } from "../tekton/run-state.ts";
import { isBarren } from "./barren-run.ts";
import type { Refusal, Looked, Result } from "./result.ts";
import type { StepLog } from "../tekton/run-evidence.ts";
import { executionUid } from "./look.ts";
import type { ExecutionSnapshot, Seen, Snapshot } from "./snapshot.ts";
import type { LookObject, Step } from "./step.ts";

export type Absorbed =
  /** Decide again, with what is known now. */
  | { readonly type: "continue"; readonly snapshot: Snapshot }
  /** Nothing more to do for this key until the watch says something. */
  | { readonly type: "settled" }
  /** Try again later. */
  | { readonly type: "retry"; readonly message: string; readonly retryAfterMs?: number };

/** The next snapshot after a step and its result. */
export function absorb(s: Snapshot, step: Step, result: Result): Absorbed {
  switch (result.type) {
    case "looked":
      return absorbLook(s, result.looked);
    case "wroteExecution": {
      const written = { ...decided(s), execution: { value: result.execution, freshness: "fresh" } } as const;
      return next(written.kind === "execution" ? { ...written, statusWrittenAt: s.now } : written);
    }
    case "wroteLock":
      return next(withLock(decided(s), result.lock.metadata.name, result.lock));
    case "wroteRun":
      return next({ ...decided(s), runs: { ...cached(s.runs), value: withRun(s.runs.value, result.run) } });
    case "reviewed":
      return next(withReview(s, result.allowed));
    case "readLog":
      return next(withLog(s, result.log));
    case "accepted":
      return absorbAccepted(s, step);
    case "refused":
      return absorbRefusal(s, step, result.refusal);
  }
}

/**
 * Fresh means read for one decision. A request was made of it, accepted or not, and took its time: what was read before
 * is as good as cached from here on.
 */
function decided<T extends Snapshot>(s: T): T {
  return {
    ...s,
    execution: cached(s.execution),
    lock: cached(s.lock),
    runs: cached(s.runs),
    taskRuns: cached(s.taskRuns),
    customRuns: cached(s.customRuns),
    pods: cached(s.pods),
  };
}

function cached<T>({ value, freshness }: Seen<T>): Seen<T> {
  return { value, freshness: freshness === "fresh" ? "cached" : freshness };
}

function next(snapshot: Snapshot): Absorbed {
  return { type: "continue", snapshot };
}

function absorbLook(s: Snapshot, looked: Looked): Absorbed {
  // An execution that was read before the lock may have had it and given it back since.
  if (looked.object === "lock")
    return next(withLock({ ...s, execution: cached(s.execution) }, looked.name, looked.value));
  const older = looked.object === "execution" ? withOlderLock(s, looked.value) : withOlderRuns(s, looked.object);
  const known = looked.object === "pods" ? withLostPods(older, looked.value) : older;
  const seen: Snapshot = { ...known, [looked.object]: { value: looked.value, freshness: "fresh" } };
  const before = executionUid(s);
  const after = executionUid(seen);
  if (before === after || before === "" || after === "") return next(seen);
  // Deleted and made again: receipts, refusals and children in the snapshot are those of the one that is gone.
  return { type: "retry", message: `execution ${s.execution.value?.metadata.name ?? ""} was made anew` };
}

/** A lock that was read before the execution had this run says nothing of who holds it now: it is read again. */
function withOlderLock(s: Snapshot, execution: WorkflowExecution | undefined): Snapshot {
  const isAnother = execution?.metadata.resourceVersion !== s.execution.value?.metadata.resourceVersion;
  const isBound = execution?.status?.executionRef !== undefined;
  return s.kind === "execution" && isAnother && isBound ? { ...s, lock: cached(s.lock) } : s;
}

/** Children that were read after such a run say nothing of what it was when they were: it is read again. */
function withOlderRuns(s: Snapshot, object: LookObject): Snapshot {
  const isChild = object === "taskRuns" || object === "customRuns" || object === "pods";
  return isChild && s.runs.value.some(isBarren) ? { ...s, runs: cached(s.runs) } : s;
}

/** A pod that was known and isn't there any more: the watch may not have told of that yet, and its last state may explain a failure. */
function withLostPods(s: Snapshot, pods: readonly Pod[]): Snapshot {
  if (s.kind === "lock") return s;
  const there = new Set([...pods, ...s.live.lostPods].map(({ metadata }) => metadata.uid));
  const lost = s.pods.value.filter(({ metadata }) => !there.has(metadata.uid));
  return lost.length === 0 ? s : { ...s, live: { ...s.live, lostPods: [...s.live.lostPods, ...lost] } };
}

/** What was read of the former holder's execution says nothing about the next holder's. */
function withLock(s: Snapshot, lockName: string, value: Snapshot["lock"]["value"]): Snapshot {
  const seen: Snapshot = { ...s, lock: { value, freshness: "fresh" }, lockName };
  if (executionUid(seen) === executionUid(s) || seen.kind === "execution") return seen;
  const none: Seen<readonly never[]> = { value: [], freshness: "cached" };
  const execution: Seen<undefined> = { value: undefined, freshness: "cached" };
  return { ...seen, execution, runs: none, taskRuns: none, customRuns: none, pods: none };
}

function withRun(runs: readonly PipelineRun[], run: PipelineRun): readonly PipelineRun[] {
  return [...runs.filter(({ metadata }) => metadata.uid !== run.metadata.uid), run];
}

/**
 * A Pending run was deleted in the very version in which it was seen: it was never started, and never will be. That
 * can't be seen later, so it is decided upon at once. The effect of other deletions shows itself in the watch.
 */
function absorbAccepted(s: Snapshot, step: Step): Absorbed {
  if (s.kind !== "execution" || step.type !== "DeleteRun") return { type: "settled" };
  const { uid } = step.run;
  const isPending = s.runs.value.some((run) => run.metadata.uid === uid && isPendingRun(run));
  return isPending ? next({ ...decided(s), neverStarted: uid }) : { type: "settled" };
}

/** Allowed, and yet refused: somebody's admission rule. Not allowed: this installation is broken, not the execution. */
function withReview(s: Snapshot, allowed: boolean): Snapshot {
  if (s.kind !== "execution" || s.forbidden === undefined) return s;
  const { forbidden: message, ...rest } = s;
  if (allowed) return { ...rest, rejection: { reason: "Forbidden", message } };
  return { ...rest, trouble: { reason: "ControllerNotAllowed", message } };
}

/** A log that was read, or could not be: then it is empty, and not asked for again. */
function withLog(s: Snapshot, log: StepLog): Snapshot {
  return s.kind === "execution" ? { ...s, live: { ...s.live, logs: [...s.live.logs, log] } } : s;
}

function absorbRefusal(s: Snapshot, step: Step, refusal: Refusal): Absorbed {
  if (step.type === "ReadLog") {
    const { pod, container } = step;
    return next(withLog(s, { podUid: pod.uid, podName: pod.name, container, text: "" }));
  }
  const moved = movedObject(step);
  if (isMoved(refusal) && moved !== undefined) {
    const doubtful = { value: s[moved].value, freshness: "doubtful" };
    return next({ ...decided(s), [moved]: doubtful, surprises: s.surprises + 1 });
  }
  if (s.kind === "execution" && step.type === "CreateRun") return absorbFailedCreation(s, refusal);
  const { message, retryAfterMs } = refusal;
  return retryAfterMs === undefined ? { type: "retry", message } : { type: "retry", message, retryAfterMs };
}

function isMoved({ kind }: Refusal): boolean {
  return kind === "conflict" || kind === "notFound" || kind === "exists";
}

/** The object that a refused request was about: it isn't what we thought. */
function movedObject(step: Step): LookObject | undefined {
  switch (step.type) {
    case "AddFinalizer":
    case "RemoveFinalizer":
    case "WriteStatus":
      return "execution";
    case "CreateLock":
    case "UpdateLock":
    case "DeleteLock":
      return "lock";
    case "CreateRun":
    case "StartRun":
    case "CancelRun":
    case "DeleteRun":
      return "runs";
    case "CancelTaskRun":
      return "taskRuns";
    case "DeletePod":
      return "pods";
    case "Look":
    case "ReadLog":
    case "ReviewAccess":
    case "Done":
    case "Wait":
    case "Backoff":
      return undefined;
  }
}

function absorbFailedCreation(s: ExecutionSnapshot, { kind, message, retryAfterMs }: Refusal): Absorbed {
  if (kind === "rejected") return next({ ...s, rejection: { reason: "ConfigurationError", message } });
  if (kind === "forbidden") return next({ ...s, forbidden: message });
  if (kind === "quota") return next({ ...s, trouble: { reason: "QuotaExceeded", message } });
  if (kind === "missing") return next({ ...s, trouble: { reason: "NotInstalled", message } });
  if (retryAfterMs !== undefined) return { type: "retry", message, retryAfterMs };
  // Nobody knows whether it was made; whoever waits for it should at least be told why nothing is heard.
  return next({ ...s, trouble: { reason: "RunNotCreated", message } });
}
