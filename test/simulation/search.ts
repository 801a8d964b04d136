/** Every reachable state, breadth first: so the schedule of a violation is a shortest one. */
import { isDoomed } from "./server.ts";
import { checkState } from "./invariants.ts";
import { packed, read, unpacked, type State } from "./layout.ts";
import { Violation, type Move } from "./move.ts";
import type { Simulation } from "./simulation.ts";
import type { Work } from "./works.ts";

export interface Found {
  readonly invariant: string;
  readonly message: string;
  /** What happened, from the beginning. */
  readonly schedule: readonly string[];
}

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  readonly isComplete: boolean;
  readonly violation: Found | undefined;
}

export interface SearchOptions {
  /** Give up after so many states. */
  readonly mostStates: number;
  /** Looks at every new state; throws Violation. */
  readonly examine?: (state: State) => void;
}

/** Looks at every state within the simulation's bounds until one is wrong. */
export function explore(simulation: Simulation, { mostStates, examine }: SearchOptions): Explored {
  const search = new Search(simulation, examine);
  for (let index = 0; index < search.size; index += 1) {
    if (search.size > mostStates) return search.result(false);
    const state = search.state(index);
    for (const move of enabledMoves(simulation, state)) {
      const violation = search.visit({ state, index, move });
      if (violation !== undefined) return search.result(false, violation);
    }
  }
  return search.result(true);
}

interface Visit {
  readonly state: State;
  readonly index: number;
  readonly move: Move;
}

class Search {
  readonly #simulation: Simulation;
  readonly #examine: SearchOptions["examine"];
  readonly #states: string[] = [];
  readonly #known = new Set<string>();
  readonly #from: number[] = [];
  readonly #by: Move[] = [];
  #transitions = 0;

  constructor(simulation: Simulation, examine: SearchOptions["examine"]) {
    this.#simulation = simulation;
    this.#examine = examine;
    const initial = simulation.world.initial();
    this.#known.add(keyOf(simulation, initial));
    this.#states.push(packed(initial));
    this.#from.push(-1);
  }

  get size(): number {
    return this.#states.length;
  }

  state(index: number): State {
    return unpacked(this.#states[index] ?? "");
  }

  /** Takes the move; a violation ends the search. */
  visit({ state, index, move }: Visit): Found | undefined {
    try {
      const next = move.take(state);
      if (next === undefined) return undefined;
      this.#transitions += 1;
      const key = keyOf(this.#simulation, next);
      if (this.#known.has(key)) return undefined;
      checkState(this.#simulation.world, next);
      this.#examine?.(next);
      this.#known.add(key);
      this.#from.push(index);
      this.#by[this.#states.length] = move;
      this.#states.push(packed(next));
      return undefined;
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      const schedule = [...this.#scheduleTo(index), move.describe(state)];
      return { invariant: error.invariant, message: error.message, schedule };
    }
  }

  result(isComplete: boolean, violation?: Found): Explored {
    return { states: this.size, transitions: this.#transitions, isComplete, violation };
  }

  #scheduleTo(index: number): readonly string[] {
    const steps: string[] = [];
    for (let at = index; at > 0; at = this.#from[at] ?? 0) {
      steps.unshift(this.#by[at]?.describe(this.state(this.#from[at] ?? 0)) ?? "");
    }
    return steps;
  }
}

/**
 * The moves that have to be looked at. A request that will be refused whenever it arrives, and a read of what never
 * changes, depend on nothing and change nothing: they are made at once, and nothing else has to be tried before.
 */
function enabledMoves({ world, controllers, moves, requests }: Simulation, state: State): readonly Move[] {
  const index = world.layout.controllersAt.findIndex((at) => {
    const number = read(state, at);
    return number !== 0 && isIndependent(state, controllers.works.get(number));
  });
  const doomed = requests[index];
  return doomed === undefined ? moves : [doomed];
}

function isIndependent(state: State, { write, reads }: Work): boolean {
  return write === undefined ? reads === undefined : isDoomed(state, write);
}

/** Two controllers are alike: states that differ only in who is who are one. */
function keyOf({ world }: Simulation, state: State): string {
  const { controllersAt, controllerSize } = world.layout;
  if (controllersAt.length === 1) return packed(state);
  const first = controllersAt[0] ?? 0;
  const blocks = controllersAt.map((at) => packed(state.subarray(at, at + controllerSize)));
  return packed(state.subarray(0, first)) + blocks.sort().join("");
}
