/** Tekton, the kubelet and the garbage collector: arbitrary progress, also from a view that is older than a deletion. */
import type { PipelineRun, TaskRun } from "../../pkg/api/tekton.ts";
import type { Pod } from "../../pkg/api/core.ts";
import type { RunOutcome } from "./bounds.ts";
import { read, withValues, type Ghost, type OwnSlot, type State } from "./layout.ts";
import { aMove, type Move } from "./move.ts";
import { aWorkingPod, aWorkingTaskRun } from "./subjects.ts";
import type { World } from "./world.ts";

/** Somebody else deleted the run while Tekton acts on a view from before. */
export const STALE_VIEW = 2;

/** What a run's end is called among the checker's facts. */
export const OUTCOMES = { succeeded: 1, failed: 2, cancelled: 3 } as const;
type Ending = keyof typeof OUTCOMES;

const TASKS = { tasks: [{ name: "restart" }] };

/** Everything that Tekton and its companions may do for one execution. */
export function tektonMoves(world: World, index: number): readonly Move[] {
  const at = new Corner(world, index);
  return [
    ...(world.bounds.isTektonCoarse ? coarseProgress(at) : fineProgress(at)),
    at.move("the pod ends", (state) => endPod(at, state)),
    at.move("the run is cancelled", (state) => cancelRun(at, state)),
    at.move("the pod is gone", (state) => collectPod(at, state)),
    at.move("the TaskRun is gone", (state) => collectTaskRun(at, state)),
    at.move("the run is gone", (state) => collectRun(at, state)),
  ];
}

function fineProgress(at: Corner): readonly Move[] {
  return [
    at.move("Tekton takes up the run", (state) => begin(at, state)),
    at.move("Tekton makes TaskRun and pod", (state) => work(at, state)),
    at.move("the task ends", (state) => endTask(at, state)),
    ...at.world.bounds.outcomes.map((outcome) =>
      at.move(`the run has ${outcome}`, (state) => endRun(at, state, outcome)),
    ),
  ];
}

/** Steps that follow each other without anybody in between. */
function coarseProgress(at: Corner): readonly Move[] {
  function start(state: State): State | undefined {
    const begun = begin(at, state);
    return begun === undefined ? work(at, state) : work(at, begun);
  }
  function end(state: State, outcome: RunOutcome): State | undefined {
    const ended = endTask(at, state);
    return ended === undefined ? undefined : (endRun(at, ended, outcome) ?? ended);
  }
  return [
    at.move("Tekton takes up the run and makes its pod", start),
    ...at.world.bounds.outcomes.map((outcome) =>
      at.move(`the task and its run have ${outcome}`, (state) => end(state, outcome)),
    ),
  ];
}

/** The objects of one execution. */
class Corner {
  readonly world: World;
  readonly index: number;

  constructor(world: World, index: number) {
    this.world = world;
    this.index = index;
  }

  move(kind: string, take: (state: State) => State | undefined): Move {
    const name = this.world.subjects[this.index]?.name ?? "";
    return aMove(kind, take, () => `${name}: ${kind}`);
  }

  number(state: State, slot: OwnSlot): number {
    return read(state, this.world.layout.slot(this.index, slot));
  }

  ghost(state: State, ghost: Ghost): number {
    return read(state, this.world.layout.ghost(this.index, ghost));
  }

  with(state: State, slot: OwnSlot, number: number): State {
    return withValues(state, [this.world.layout.slot(this.index, slot), number]);
  }

  withGhost(state: State, ghost: Ghost, value: number): State {
    return withValues(state, [this.world.layout.ghost(this.index, ghost), value]);
  }
}

function begin(at: Corner, state: State): State | undefined {
  const run = at.world.run(state, at.index);
  if (run === undefined || run.isPending || run.hasBegun || run.isDone || run.isDeleting || run.isCancelled) {
    return undefined;
  }
  const startTime = at.world.timestamp(state);
  const begun = at.world.edit<PipelineRun>(at.number(state, "run"), `begin ${startTime}`, (object) => ({
    ...object,
    status: {
      startTime,
      pipelineSpec: TASKS,
      conditions: [{ type: "Succeeded", status: "Unknown", reason: "Running" }],
    },
  }));
  return at.with(state, "run", begun);
}

function work(at: Corner, state: State): State | undefined {
  if (at.number(state, "taskRun") !== 0 || at.number(state, "pod") !== 0) return undefined;
  const run = at.world.run(state, at.index);
  const isAtWork = run?.hasBegun === true && !run.isDone && !run.isDeleting && !run.isCancelled;
  if (!isAtWork && at.ghost(state, "lost") !== STALE_VIEW) return undefined;
  const subject = at.world.subjects[at.index];
  if (subject === undefined) return undefined;
  const { table } = at.world;
  const working = at.with(state, "taskRun", table.numberOf(aWorkingTaskRun(subject)));
  return at.withGhost(at.with(working, "pod", table.numberOf(aWorkingPod(subject))), "worked", 1);
}

function endTask(at: Corner, state: State): State | undefined {
  if (!at.world.isWorking(state, at.index)) return undefined;
  const done = at.world.edit<TaskRun>(at.number(state, "taskRun"), "end", (object) => ({
    ...object,
    status: { ...object.status, conditions: [{ type: "Succeeded", status: "True", reason: "Succeeded" }] },
  }));
  return at.with(state, "taskRun", done);
}

/** The last container stops some time after the TaskRun has ended (tekton.md section 3). */
function endPod(at: Corner, state: State): State | undefined {
  if (!at.world.isPodLive(state, at.index) || at.world.isWorking(state, at.index)) return undefined;
  const done = at.world.edit<Pod>(at.number(state, "pod"), "end", (object) => ({
    ...object,
    status: { ...object.status, phase: "Succeeded" },
  }));
  return at.with(state, "pod", done);
}

/** A run may fail while its task still works; it doesn't succeed before. */
function endRun(at: Corner, state: State, outcome: RunOutcome): State | undefined {
  const run = at.world.run(state, at.index);
  if (run?.hasBegun !== true || run.isDone || run.isCancelled) return undefined;
  const hasWorked = at.number(state, "taskRun") !== 0 && !at.world.isWorking(state, at.index);
  return hasWorked || outcome === "failed" ? ended(at, state, outcome) : undefined;
}

function cancelRun(at: Corner, state: State): State | undefined {
  const run = at.world.run(state, at.index);
  return run?.isCancelled === true && !run.isDone && !run.isDeleting ? ended(at, state, "cancelled") : undefined;
}

const REASONS: Readonly<Record<Ending, string>> = { succeeded: "Succeeded", failed: "Failed", cancelled: "Cancelled" };

function ended(at: Corner, state: State, ending: Ending): State {
  const completionTime = at.world.timestamp(state);
  const status = ending === "succeeded" ? "True" : "False";
  const condition = { type: "Succeeded", status, reason: REASONS[ending] } as const;
  const done = at.world.edit<PipelineRun>(at.number(state, "run"), `${ending} ${completionTime}`, (object) => ({
    ...object,
    status: { ...object.status, completionTime, conditions: [condition] },
  }));
  return at.withGhost(at.with(state, "run", done), "outcome", OUTCOMES[ending]);
}

/** The run is gone, or being deleted in the foreground: first its pods, then its TaskRuns, then itself. */
function isGoing(at: Corner, state: State): boolean {
  return at.number(state, "run") === 0 || at.world.run(state, at.index)?.isDeleting === true;
}

function collectPod(at: Corner, state: State): State | undefined {
  const number = at.number(state, "pod");
  if (number === 0) return undefined;
  const isTerminating = (at.world.object(number) as Pod).metadata.deletionTimestamp !== undefined;
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
