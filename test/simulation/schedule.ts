/** Schedules as lists of moves: what is wrong in one, told in words, and as short as it gets. */
import { checkState } from "./invariants.ts";
import type { State } from "./layout.ts";
import { Violation, type Move } from "./move.ts";
import type { Simulation } from "./simulation.ts";
import type { World } from "./world.ts";

/** The numbers of the moves; one that isn't possible when its turn comes is left out. */
export type Schedule = readonly number[];

/** Looks at a state; throws Violation. */
export type Examine = (state: State) => void;

/** What comes of a move: the next state, what it breaks, or nothing where it isn't possible. */
export function attempt(world: World, move: Move, state: State): State | Violation | undefined {
  try {
    const next = move.take(state);
    if (next !== undefined) checkState(world, next);
    return next;
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
}

/** What breaks in that schedule, or in the state to which it leads; undefined where nothing does. */
export function violationOf(simulation: Simulation, schedule: Schedule, examine?: Examine): Violation | undefined {
  return replay(simulation, schedule, { note: () => undefined, examine });
}

/** What happens in it, a line a move. */
export function told(simulation: Simulation, schedule: Schedule): readonly string[] {
  const lines: string[] = [];
  replay(simulation, schedule, { note: (move, state) => lines.push(move.describe(state)) });
  return lines;
}

/** A part of the schedule that is as bad, and none of whose moves can be left out. */
export function shortened(schedule: Schedule, isAsBad: (rest: Schedule) => boolean): Schedule {
  let shortest = schedule;
  for (let size = Math.ceil(schedule.length / 2); size >= 1;) {
    const shorter = withoutParts(shortest, size, isAsBad);
    if (shorter.length === shortest.length) size = size === 1 ? 0 : Math.ceil(size / 2);
    shortest = shorter;
  }
  return shortest;
}

/** Leaves out one part of that size after the other, from the end on, where the rest is as bad without it. */
function withoutParts(schedule: Schedule, size: number, isAsBad: (rest: Schedule) => boolean): Schedule {
  let rest = schedule;
  for (let at = schedule.length - size; at > -size; at -= size) {
    const shorter = [...rest.slice(0, Math.max(0, at)), ...rest.slice(at + size)];
    if (isAsBad(shorter)) rest = shorter;
  }
  return rest;
}

interface Watching {
  readonly note: (move: Move, state: State) => void;
  readonly examine?: Examine | undefined;
}

function replay({ world, moves }: Simulation, schedule: Schedule, watching: Watching): Violation | undefined {
  let state = world.initial();
  for (const number of schedule) {
    const move = moves[number];
    const next = move === undefined ? undefined : attempt(world, move, state);
    if (move === undefined || next === undefined) continue;
    watching.note(move, state);
    if (next instanceof Violation) return next;
    state = next;
  }
  return violationBy(() => watching.examine?.(state));
}

function violationBy(act: () => void): Violation | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
}
