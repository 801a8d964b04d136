/** Tekton and the garbage collector: arbitrary progress, also from a view that is older than a deletion. */
import type { PipelineRun, TaskRun } from "../../pkg/api/tekton.ts";
import type { RunOutcome } from "./bounds.ts";
import { Corner } from "./corner.ts";
import { collectPod, collectRun, collectTaskRun } from "./garbage-collector.ts";
import { endPod, startPod, stoppedSteps } from "./kubelet.ts";
import type { State } from "./layout.ts";
import { onBudget, type Move } from "./move.ts";
import { endedRun, endedTask, withTaskRunName } from "./run-end.ts";
import { cancelRun, losePod, remakePod, stopTask } from "./stopping.ts";
import { aWaitingPod, aWorkingTaskRun } from "./subjects.ts";
import type { World } from "./world.ts";

/** Somebody else deleted the run while Tekton acts on a view from before. */
export const STALE_VIEW = 2;

/** What Tekton writes of the pipeline that it has fetched. */
const TASKS = { tasks: [{ name: "restart" }] };

/** Everything that Tekton and its companions may do for one execution. */
export function tektonMoves(world: World, index: number): readonly Move[] {
  const at = new Corner(world, index);
  return [
    ...(world.bounds.isTektonCoarse ? coarseProgress(at) : fineProgress(at)),
    at.move("the pod ends", (state) => endPod(at, state)),
    at.move("the task is stopped", (state) => stopTask(at, state)),
    at.move("the run is cancelled", (state) => cancelRun(at, state)),
    at.move("the pod is gone", (state) => collectPod(at, state)),
    at.move("the TaskRun is gone", (state) => collectTaskRun(at, state)),
    at.move("the run is gone", (state) => collectRun(at, state)),
  ];
}

/** What becomes of the pod where the bounds allow it: it is lost, and made again. */
export function tektonFaults(world: World, index: number): readonly Move[] {
  const at = new Corner(world, index);
  return onBudget(
    "remakes",
    at.move("the pod is deleted by force", (state) => losePod(at, state)),
    at.move("the pod is made again", (state) => remakePod(at, state)),
  );
}

function fineProgress(at: Corner): readonly Move[] {
  const { outcomes } = at.world.bounds;
  return [
    at.move("Tekton takes up the run", (state) => begin(at, state)),
    at.move("Tekton makes TaskRun and pod", (state) => work(at, state)),
    at.move("Tekton names the TaskRun in the run", (state) => nameTaskRun(at, state)),
    at.move("the step starts", (state) => startPod(at, state)),
    ...outcomes.map((outcome) => at.move(`the task has ${outcome}`, (state) => endTask(at, state, outcome))),
    ...outcomes.map((outcome) => at.move(`the run has ${outcome}`, (state) => endRun(at, state, outcome))),
  ];
}

/** Steps that follow each other without anybody in between. A run may also fail before anything of it has started. */
function coarseProgress(at: Corner): readonly Move[] {
  function start(state: State): State | undefined {
    const begun = begin(at, state) ?? state;
    const working = work(at, begun);
    if (working === undefined) return startPod(at, state);
    const named = nameTaskRun(at, working) ?? working;
    return startPod(at, named) ?? named;
  }
  function end(state: State, outcome: RunOutcome): State | undefined {
    const ended = endTask(at, state, outcome);
    return ended === undefined ? undefined : (endRun(at, ended, outcome) ?? ended);
  }
  function fail(state: State): State | undefined {
    const begun = begin(at, state);
    return begun === undefined ? undefined : endRun(at, begun, "failed");
  }
  const { outcomes } = at.world.bounds;
  return [
    at.move("Tekton takes up the run and starts its step", start),
    ...outcomes.map((outcome) => at.move(`the task and its run have ${outcome}`, (state) => end(state, outcome))),
    ...(outcomes.includes("failed") ? [at.move("the run fails before its step starts", fail)] : []),
  ];
}

/** Also a run that is to be stopped already, from a view before that. */
function begin(at: Corner, state: State): State | undefined {
  const run = at.world.run(state, at.index);
  if (run === undefined || run.isPending || run.hasBegun || run.isDone || run.isDeleting) return undefined;
  const startTime = at.world.timestamp(state);
  return at.edit<PipelineRun>(state, "run", `begin ${startTime}`, (object) => ({
    ...object,
    status: {
      startTime,
      pipelineSpec: TASKS,
      conditions: [{ type: "Succeeded", status: "Unknown", reason: "Running" }],
    },
  }));
}

function work(at: Corner, state: State): State | undefined {
  if (at.number(state, "taskRun") !== 0 || at.number(state, "pod") !== 0) return undefined;
  const run = at.world.run(state, at.index);
  const isAtWork = run?.hasBegun === true && !run.isDone && !run.isDeleting;
  if (!isAtWork && at.ghost(state, "lost") !== STALE_VIEW) return undefined;
  const { table } = at.world;
  const made = at.with(state, "taskRun", table.numberOf(aWorkingTaskRun(at.subject)));
  return at.with(made, "pod", table.numberOf(aWaitingPod(at.subject, 1)));
}

/** Tekton writes the names of the TaskRuns that it made into the run's status, after it has made them. */
function nameTaskRun(at: Corner, state: State): State | undefined {
  const run = at.world.run(state, at.index);
  if (run === undefined || run.isDone || at.number(state, "taskRun") === 0) return undefined;
  const named = at.edit<PipelineRun>(state, "run", "name", (object) => withTaskRunName(at, object));
  return at.number(named, "run") === at.number(state, "run") ? undefined : named;
}

/** It succeeds once its step has ended well; it may fail before the step has started, and while it still runs. */
function endTask(at: Corner, state: State, outcome: RunOutcome): State | undefined {
  if (!at.world.isWorking(state, at.index)) return undefined;
  const hasStarted = at.pod(state)?.status?.phase === "Running";
  if (outcome === "succeeded" && !hasStarted) return undefined;
  if (outcome === "failed") return endedTask(at, state, { status: "False", reason: "Failed" });
  return stoppedSteps(at, endedTask(at, state, { status: "True", reason: "Succeeded" }));
}

/**
 * A run that ends while its task still works is out of time; it succeeds when its task has succeeded. That it is to be
 * stopped isn't always seen in time; one that lets its tasks end can still fail by them.
 */
function endRun(at: Corner, state: State, outcome: RunOutcome): State | undefined {
  const run = at.world.run(state, at.index);
  if (run?.hasBegun !== true || run.isDone) return undefined;
  if (outcome === "succeeded") {
    return hasSucceeded(at.taskRun(state))
      ? endedRun(at, state, { outcome, reason: "Succeeded", namesTaskRun: true })
      : undefined;
  }
  const isOutOfTime = at.world.isWorking(state, at.index);
  const reason = isOutOfTime ? "PipelineRunTimeout" : "Failed";
  return endedRun(at, state, { outcome, reason, namesTaskRun: !isOutOfTime });
}

function hasSucceeded(taskRun: TaskRun | undefined): boolean {
  return taskRun?.status?.conditions?.[0]?.status === "True";
}
