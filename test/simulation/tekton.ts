/** Tekton and the garbage collector: arbitrary progress, also from a view that is older than a deletion. */
import type { Pod } from "../../pkg/api/core.ts";
import type { PipelineRun, TaskRun } from "../../pkg/api/tekton.ts";
import type { RunOutcome } from "./bounds.ts";
import { CREATED_AT } from "../support/builders/moments.ts";
import { Corner } from "./corner.ts";
import { OUTCOMES, type Ending } from "./facts.ts";
import { endPod, startPod, stoppedSteps } from "./kubelet.ts";
import { read, type State } from "./layout.ts";
import type { Move } from "./move.ts";
import { aWaitingPod, aWorkingTaskRun, taskRunName } from "./subjects.ts";
import type { World } from "./world.ts";

/** Somebody else deleted the run while Tekton acts on a view from before. */
export const STALE_VIEW = 2;

/** Nothing is decided by Tekton's own times: they are always the same. */
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

function begin(at: Corner, state: State): State | undefined {
  const run = at.world.run(state, at.index);
  if (run === undefined || run.isPending || run.hasBegun || run.isDone || run.isDeleting || run.isCancelled) {
    return undefined;
  }
  return at.edit<PipelineRun>(state, "run", "begin", (object) => ({
    ...object,
    status: {
      startTime: CREATED_AT,
      pipelineSpec: TASKS,
      conditions: [{ type: "Succeeded", status: "Unknown", reason: "Running" }],
    },
  }));
}

function work(at: Corner, state: State): State | undefined {
  if (at.number(state, "taskRun") !== 0 || at.number(state, "pod") !== 0) return undefined;
  const run = at.world.run(state, at.index);
  const isAtWork = run?.hasBegun === true && !run.isDone && !run.isDeleting && !run.isCancelled;
  if (!isAtWork && at.ghost(state, "lost") !== STALE_VIEW) return undefined;
  const { table } = at.world;
  const made = at.with(state, "taskRun", table.numberOf(aWorkingTaskRun(at.subject)));
  return at.with(made, "pod", table.numberOf(aWaitingPod(at.subject)));
}

/** Tekton writes the names of the TaskRuns that it made into the run's status, after it has made them. */
function nameTaskRun(at: Corner, state: State): State | undefined {
  const run = at.world.run(state, at.index);
  if (run === undefined || run.isDone || at.number(state, "taskRun") === 0) return undefined;
  const named = at.edit<PipelineRun>(state, "run", "name", (object) => withName(at, object));
  return at.number(named, "run") === at.number(state, "run") ? undefined : named;
}

function withName(at: Corner, run: PipelineRun): PipelineRun {
  const childReferences = [{ kind: "TaskRun", name: taskRunName(at.subject), pipelineTaskName: "restart" }];
  return { ...run, status: { ...run.status, childReferences } };
}

/** It succeeds once its step has ended well; it may fail before the step has started, and while it still runs. */
function endTask(at: Corner, state: State, outcome: RunOutcome): State | undefined {
  if (!at.world.isWorking(state, at.index)) return undefined;
  const hasStarted = at.pod(state)?.status?.phase === "Running";
  if (outcome === "succeeded" && !hasStarted) return undefined;
  if (outcome === "failed") return endedTask(at, state, { status: "False", reason: "Failed" });
  return stoppedSteps(at, endedTask(at, state, { status: "True", reason: "Succeeded" }));
}

/** Tekton's words for a TaskRun that it stopped because of its run (pkg/tekton/classify-task.ts reads them). */
const STOPPED = {
  timedOut: "TaskRun cancelled as the PipelineRun it belongs to has timed out.",
  cancelled: "TaskRun cancelled as the PipelineRun it belongs to has been cancelled.",
};

/** Without its run or its pod it can't go on, and a run that has ended or is cancelled takes its tasks with it. */
function stopTask(at: Corner, state: State): State | undefined {
  if (!at.world.isWorking(state, at.index)) return undefined;
  const run = at.world.run(state, at.index);
  const goesOn = run !== undefined && !run.isDone && !run.isCancelled && at.number(state, "pod") !== 0;
  if (goesOn) return undefined;
  const statusMessage = run?.isDone === true && !run.isCancelled ? STOPPED.timedOut : STOPPED.cancelled;
  const stopped = at.edit<TaskRun>(state, "taskRun", statusMessage, (object) => ({
    ...object,
    spec: { statusMessage },
  }));
  return endedTask(at, stopped, { status: "False", reason: "TaskRunCancelled" });
}

function endedTask(
  at: Corner,
  state: State,
  end: { readonly status: "True" | "False"; readonly reason: string },
): State {
  return at.edit<TaskRun>(state, "taskRun", end.reason, (object) => ({
    ...object,
    status: { ...object.status, conditions: [{ type: "Succeeded", ...end }] },
  }));
}

/** A run that ends while its task still works is out of time; it succeeds when its task has succeeded. */
function endRun(at: Corner, state: State, outcome: RunOutcome): State | undefined {
  const run = at.world.run(state, at.index);
  if (run?.hasBegun !== true || run.isDone || run.isCancelled) return undefined;
  if (outcome === "succeeded")
    return hasSucceeded(at.taskRun(state)) ? ended(at, state, { outcome, reason: "Succeeded" }) : undefined;
  return ended(at, state, { outcome, reason: at.world.isWorking(state, at.index) ? "PipelineRunTimeout" : "Failed" });
}

function hasSucceeded(taskRun: TaskRun | undefined): boolean {
  return taskRun?.status?.conditions?.[0]?.status === "True";
}

function cancelRun(at: Corner, state: State): State | undefined {
  const run = at.world.run(state, at.index);
  return run?.isCancelled === true && !run.isDone && !run.isDeleting
    ? ended(at, state, { outcome: "cancelled", reason: "Cancelled" })
    : undefined;
}

interface End {
  readonly outcome: Ending;
  readonly reason: string;
}

function ended(at: Corner, state: State, { outcome, reason }: End): State {
  const status = outcome === "succeeded" ? "True" : "False";
  const condition = { type: "Succeeded", status, reason } as const;
  const hasTaskRun = at.number(state, "taskRun") !== 0;
  const done = at.edit<PipelineRun>(state, "run", `${reason} ${String(hasTaskRun)}`, (object) => {
    const named = hasTaskRun ? withName(at, object) : object;
    return { ...named, status: { ...named.status, completionTime: CREATED_AT, conditions: [condition] } };
  });
  const now = read(state, at.world.layout.now);
  return at.withGhost(at.withGhost(done, "outcome", OUTCOMES[outcome]), "doneAt", now);
}

/** The run is gone, or being deleted in the foreground: first its pods, then its TaskRuns, then itself. */
function isGoing(at: Corner, state: State): boolean {
  return at.number(state, "run") === 0 || at.world.run(state, at.index)?.isDeleting === true;
}

function collectPod(at: Corner, state: State): State | undefined {
  const pod: Pod | undefined = at.pod(state);
  if (pod === undefined) return undefined;
  const isTerminating = pod.metadata.deletionTimestamp !== undefined;
  return isTerminating || isGoing(at, state) ? at.with(state, "pod", 0) : undefined;
}

function collectTaskRun(at: Corner, state: State): State | undefined {
  if (at.number(state, "taskRun") === 0 || at.number(state, "pod") !== 0 || !isGoing(at, state)) return undefined;
  const lost = Math.min(at.ghost(state, "lost"), 1);
  return at.withGhost(at.with(state, "taskRun", 0), "lost", lost);
}

function collectRun(at: Corner, state: State): State | undefined {
  if (at.world.run(state, at.index)?.isDeleting !== true) return undefined;
  const hasChildren = at.number(state, "taskRun") !== 0 || at.number(state, "pod") !== 0;
  return hasChildren ? undefined : at.with(state, "run", 0);
}
