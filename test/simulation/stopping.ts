/** How Tekton stops a run, its TaskRun and its pod. */
import type { TaskRun } from "../../pkg/api/tekton.ts";
import type { Corner } from "./corner.ts";
import { LETS_TASKS_END, type RunFacts } from "./facts.ts";
import type { State } from "./layout.ts";
import { endedRun, endedTask, isTaskRunNamed } from "./run-end.ts";
import { aWaitingPod } from "./subjects.ts";

const CANCELLED_TASK = "TaskRunCancelled";

/** Tekton's words for a TaskRun that it stopped because of its run (pkg/tekton/run-stop.ts reads them). */
const STOPPED = {
  timedOut: "TaskRun cancelled as the PipelineRun it belongs to has timed out.",
  cancelled: "TaskRun cancelled as the PipelineRun it belongs to has been cancelled.",
};

/**
 * Without its run or its pod it can't go on, and not where it is cancelled itself. A run that has ended or is cancelled
 * takes its TaskRun with it, if it knows of it.
 */
export function stopTask(at: Corner, state: State): State | undefined {
  if (!at.world.isWorking(state, at.index)) return undefined;
  if (at.taskRun(state)?.spec?.status === CANCELLED_TASK) return cancelledTask(at, state);
  const run = at.world.run(state, at.index);
  if (run !== undefined && !isCutOff(at, state, run)) return undefined;
  const isTimedOut = run?.isDone === true && run.stop === 0;
  const statusMessage = isTimedOut ? STOPPED.timedOut : STOPPED.cancelled;
  const told = at.edit<TaskRun>(state, "taskRun", statusMessage, (object) => ({
    ...object,
    spec: { status: CANCELLED_TASK, statusMessage },
  }));
  return cancelledTask(at, told);
}

/** Its pod is gone, or its run stops the TaskRuns that it knows. */
function isCutOff(at: Corner, state: State, { isDone, stop }: RunFacts): boolean {
  if (at.number(state, "pod") === 0) return true;
  return (isDone || stop > LETS_TASKS_END) && isTaskRunNamed(at, state);
}

function cancelledTask(at: Corner, state: State): State {
  return endedTask(at, state, { status: "False", reason: CANCELLED_TASK });
}

/**
 * Tekton ends a run that is to be stopped, whenever it sees that. It doesn't look again for TaskRuns that it has just
 * made: such a one goes on (tektoncd pkg/reconciler/pipelinerun/cancel.go).
 */
export function cancelRun(at: Corner, state: State): State | undefined {
  const run = at.world.run(state, at.index);
  if (run === undefined || run.stop === 0 || run.isDone || run.isDeleting) return undefined;
  const isAwaited = run.stop === LETS_TASKS_END && at.world.isWorking(state, at.index) && isTaskRunNamed(at, state);
  return isAwaited
    ? undefined
    : endedRun(at, state, { outcome: "cancelled", reason: "Cancelled", namesTaskRun: false });
}

/** Somebody deletes the pod by force: it is gone at once. */
export function losePod(at: Corner, state: State): State | undefined {
  if (at.number(state, "pod") === 0 || !at.world.isWorking(state, at.index)) return undefined;
  const spent = at.world.spend(state, "remakes");
  return spent && at.with(spent, "pod", 0);
}

/** A TaskRun whose pod is gone gets another one under the same name, also from a view before it was cancelled. */
export function remakePod(at: Corner, state: State): State | undefined {
  const isCutOff = at.number(state, "pod") === 0 && at.world.isWorking(state, at.index);
  const run = at.world.run(state, at.index);
  if (!isCutOff || run === undefined || run.isDeleting) return undefined;
  const spent = at.world.spend(state, "remakes");
  if (spent === undefined) return undefined;
  const n = 1 + at.world.spent(spent, "remakes");
  return at.with(spent, "pod", at.world.table.numberOf(aWaitingPod(at.subject, n)));
}
