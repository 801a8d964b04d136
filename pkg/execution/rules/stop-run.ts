/**
 * Stopping a started run: because somebody asked for it (spec.cancel), because its execution was deleted, or because its
 * time is over and Tekton hasn't ended it. The strongest wish wins; a run is never stopped more gently than before.
 */
import { ANNOTATION_STOP_REASON, ANNOTATION_STOP_REQUESTED_AT, type StopReason } from "../../api/labels.ts";
import type { CancelMode, PipelineRun } from "../../api/tekton.ts";
import { fromTimestamp, toTimestamp } from "../../api/time.ts";
import type { CancelRequest } from "../../api/workflow-execution.ts";
import { isPodAlive } from "../../tekton/alive.ts";
import { parseGoDuration } from "../../tekton/go-duration.ts";
import { isDone, isPendingRun } from "../../tekton/run-state.ts";
import { stopReasonOf } from "../../tekton/run-stop.ts";
import { runTimeouts } from "../../tekton/timeouts.ts";
import { lookAtFirst } from "../look.ts";
import { exactly, exactVersion, ownRun } from "../own-run.ts";
import { runDeadline } from "../run-deadline.ts";
import type { Case } from "../rule.ts";
import type { LookObject, Step } from "../step.ts";
import { missedTaskRun } from "../stragglers.ts";

/** How a run is to be stopped, and why. */
interface Stop {
  readonly mode: CancelMode;
  readonly why: StopReason;
}

/** spec.cancel in Tekton's words (tektoncd docs/pipelineruns.md, "Cancelling a PipelineRun"). */
const MODES: Readonly<Record<CancelRequest["mode"], CancelMode>> = {
  Cancel: "Cancelled",
  CancelRunFinally: "CancelledRunFinally",
  StopRunFinally: "StoppedRunFinally",
};

/** From the gentlest to the hardest. */
const STRENGTH: readonly (string | undefined)[] = ["StoppedRunFinally", "CancelledRunFinally", "Cancelled"];

/** Tekton needs a moment of its own to end a run whose time is over, or to stop what was cancelled. */
export const TEKTON_GRACE_MS = 30_000;

/** Asks Tekton to stop the run, or to stop it harder; where Tekton doesn't, stops its tasks and pods. */
export function stopRun(c: Case): Step | undefined {
  const run = startedRun(c);
  if (run === undefined) return undefined;
  const stop = strongest(wishes(c, run));
  if (stop !== undefined && isHarder(stop.mode, run.spec.status)) {
    return { type: "CancelRun", run: exactVersion(run), mode: stop.mode, annotations: noted(run, stop, c.s.now) };
  }
  return c.s.now >= forceAt(run) ? stopChildren(c) : undefined;
}

/** The first reason stays: it is why the run ends. */
function noted(run: PipelineRun, stop: Stop, now: number): Readonly<Record<string, string>> {
  return {
    ...run.metadata.annotations,
    [ANNOTATION_STOP_REASON]: stopReasonOf(run) ?? stop.why,
    [ANNOTATION_STOP_REQUESTED_AT]: toTimestamp(now),
  };
}

/** The bound run, if it was started and isn't done. */
function startedRun({ s, w }: Case): PipelineRun | undefined {
  const run = w.status?.executionRef === undefined ? undefined : ownRun(s, w);
  return run === undefined || isPendingRun(run) || isDone(run) ? undefined : run;
}

/** When (ms) the next thing is to be done to stop this run, if nothing changes before; Infinity where nothing is. */
export function nextStop(c: Case, run: PipelineRun): number {
  const moments = [escalateAt(c, run), overdueAt(c, run), forceAt(run)];
  return Math.min(...moments.filter((at) => at > c.s.now));
}

function wishes(c: Case, run: PipelineRun): readonly Stop[] {
  const { w, s } = c;
  const { cancel } = w.spec;
  const asked: readonly Stop[] = cancel === undefined ? [] : [{ mode: MODES[cancel.mode], why: "Cancel" }];
  const overdue: readonly Stop[] = s.now < overdueAt(c, run) ? [] : [{ mode: "Cancelled", why: "DeadlineExceeded" }];
  return [...asked, ...deletion(c, run), ...overdue];
}

/** Politely first, so that `finally` can roll back; when the time for it is over, for good. */
function deletion(c: Case, run: PipelineRun): readonly Stop[] {
  if (c.w.metadata.deletionTimestamp === undefined) return [];
  return [{ mode: c.s.now < escalateAt(c, run) ? "CancelledRunFinally" : "Cancelled", why: "Deletion" }];
}

/** The end of the time that the run itself was given for `finally`, however near its deadline is by now. */
function escalateAt({ s, w, policy }: Case, run: PipelineRun): number {
  if (w.metadata.deletionTimestamp === undefined) return Infinity;
  const own = parseGoDuration(run.spec.timeouts?.finally ?? "");
  return (
    fromTimestamp(w.metadata.deletionTimestamp) + (own ?? runTimeouts(w, policy.defaultTimeoutMs, s.now).finallyMs)
  );
}

/** From then on Tekton has had its time to end the run by itself. */
function overdueAt(c: Case, run: PipelineRun): number {
  return runDeadline(c, run) + TEKTON_GRACE_MS;
}

/** A run that was cancelled for good by us, and that Tekton doesn't end: its tasks and pods are stopped without it. */
function forceAt({ spec, metadata }: PipelineRun): number {
  const requested = metadata.annotations?.[ANNOTATION_STOP_REQUESTED_AT];
  if (spec.status !== "Cancelled" || requested === undefined) return Infinity;
  return fromTimestamp(requested) + TEKTON_GRACE_MS;
}

const CAN_STOP: readonly LookObject[] = ["taskRuns", "pods"];

/** The TaskRuns first: a pod that is deleted under a TaskRun that goes on is made again, and its step runs twice. */
function stopChildren({ s, policy }: Case): Step | undefined {
  const missed = missedTaskRun(s.taskRuns.value);
  if (missed !== undefined) return { type: "CancelTaskRun", taskRun: exactVersion(missed) };
  const pod = s.pods.value.find((one) => isPodAlive(one) && one.metadata.deletionTimestamp === undefined);
  if (pod === undefined) return undefined;
  return lookAtFirst(s, CAN_STOP, policy.executionNamespace) ?? { type: "DeletePod", pod: exactly(pod) };
}

function strongest(stops: readonly Stop[]): Stop | undefined {
  return stops.reduce<Stop | undefined>((a, b) => (a === undefined || isHarder(b.mode, a.mode) ? b : a), undefined);
}

function isHarder(mode: CancelMode, than: string | undefined): boolean {
  return STRENGTH.indexOf(mode) > STRENGTH.indexOf(than);
}
