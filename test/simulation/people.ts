/** What people, the audit side and the clock do. */
import { isLiveRun } from "./facts.ts";
import { deletedObject } from "./api-request.ts";
import { read, withValues, type State } from "./layout.ts";
import { aMove, onBudget, type Move } from "./move.ts";
import { STALE_VIEW } from "./tekton.ts";
import type { World } from "./world.ts";

/** Deletions by people, commits of the audit side, and the clock. */
export function peopleMoves(world: World): readonly Move[] {
  const moves = world.subjects.flatMap(({ index, name }) => [
    ...onBudget(
      "deletions",
      aMove(
        "a user deletes the execution",
        (state) => deleteExecution(world, state, index),
        () => `a user deletes ${name}`,
      ),
    ),
    ...onBudget(
      "losses",
      aMove(
        "somebody deletes the run",
        (state) => loseRun(world, state, index),
        () => `somebody deletes the run of ${name}`,
      ),
    ),
    aMove(
      "the audit is committed",
      (state) => commit(world, state, index),
      () => `the audit of ${name} is committed`,
    ),
  ]);
  return [...moves, { ...aMove("time goes by", (state) => tick(world, state)), isRare: true }];
}

/** Time moves on; no view of Tekton is older than that. */
export function tick(world: World, state: State, ticks = world.bounds.ticks): State | undefined {
  const { layout } = world;
  const now = read(state, layout.now);
  const isAnswerAwaited = layout.controllersAt.some((at) => read(state, at) !== 0);
  if (now >= ticks || (world.bounds.areAnswersPrompt && isAnswerAwaited)) return undefined;
  const lost = world.indices.map((index) => layout.ghost(index, "lost"));
  return withValues(state, [layout.now, now + 1], ...lost.map((at) => [at, Math.min(read(state, at), 1)] as const));
}

/** The audit side commits all events of that execution. */
export function commit(world: World, state: State, index: number): State | undefined {
  const execution = world.execution(state, index);
  const column = world.layout.ghost(index, "receipt");
  if (execution === undefined || read(state, column) >= execution.lastEvent) return undefined;
  const isAwaited = execution.isDeleting && execution.isTerminal;
  return world.bounds.commits || isAwaited ? withValues(state, [column, execution.lastEvent]) : undefined;
}

function deleteExecution(world: World, state: State, index: number): State | undefined {
  const execution = world.execution(state, index);
  if (execution === undefined || execution.isDeleting) return undefined;
  const spent = world.spend(state, "deletions");
  if (spent === undefined) return undefined;
  const slot = world.layout.slot(index, "execution");
  const now = world.timestamp(state);
  return withValues(spent, [
    slot,
    world.edit(read(state, slot), `delete ${now}`, (object) => deletedObject(object, { now })),
  ]);
}

/** In the background: the run is gone at once, its children later. */
function loseRun(world: World, state: State, index: number): State | undefined {
  const run = world.run(state, index);
  if (run === undefined) return undefined;
  const spent = world.spend(state, "losses");
  if (spent === undefined) return undefined;
  const { layout } = world;
  const lost = isLiveRun(run) && !run.isDeleting ? STALE_VIEW : 1;
  return withValues(spent, [layout.slot(index, "run"), 0], [layout.ghost(index, "lost"), lost]);
}
