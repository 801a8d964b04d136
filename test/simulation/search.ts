/** Every reachable state, breadth first: so the schedule of a violation is a shortest one. */
import { fingerprint } from "./fingerprint.ts";
import { FingerprintSet } from "./fingerprint-set.ts";
import { checkState } from "./invariants.ts";
import { range, read, type State } from "./layout.ts";
import { Violation } from "./move.ts";
import { Past } from "./past.ts";
import type { Simulation } from "./simulation.ts";
import { StateQueue } from "./state-queue.ts";
import type { Work } from "./works.ts";
import type { World } from "./world.ts";
import { isDoomed } from "./write.ts";

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
  for (let state = search.next(); state !== undefined; state = search.next()) {
    if (search.size > mostStates) return search.result(false);
    for (const move of search.enabledMoves(state)) {
      const violation = search.visit(state, move);
      if (violation !== undefined) return search.result(false, violation);
    }
  }
  return search.result(true);
}

class Search {
  readonly #simulation: Simulation;
  readonly #examine: SearchOptions["examine"];
  readonly #waiting: StateQueue;
  readonly #known = new FingerprintSet();
  readonly #past = new Past();
  readonly #allMoves: readonly number[];
  #at = -1;
  #transitions = 0;

  constructor(simulation: Simulation, examine: SearchOptions["examine"]) {
    this.#simulation = simulation;
    this.#examine = examine;
    const { layout } = simulation.world;
    this.#allMoves = range(simulation.moves.length);
    this.#waiting = new StateQueue(layout);
    const initial = simulation.world.initial();
    this.#known.add(fingerprint(initial, layout));
    this.#waiting.add(initial);
  }

  get size(): number {
    return this.#known.size;
  }

  /** The next state to be looked at. */
  next(): State | undefined {
    this.#at += 1;
    return this.#waiting.take();
  }

  /**
   * The numbers of the moves that have to be looked at. A request that will be refused whenever it arrives, and a read of
   * what never changes, depend on nothing and change nothing: they are made at once, and nothing else has to be tried
   * before.
   */
  enabledMoves(state: State): readonly number[] {
    const { world, controllers, requests, arrivals } = this.#simulation;
    const late = world.layout.lateAt.findIndex((column) => {
      const number = read(state, column);
      return number !== 0 && isDoomed(world, state, controllers.works.write(number));
    });
    const index = world.layout.controllersAt.findIndex((at) => {
      const number = read(state, at);
      return number !== 0 && isIndependent(world, state, controllers.works.get(number));
    });
    const only = arrivals[late] ?? requests[index];
    return only === undefined ? this.#allMoves : [only];
  }

  /** Makes the move; a violation ends the search. */
  visit(state: State, number: number): Found | undefined {
    const { world, moves } = this.#simulation;
    const move = moves[number];
    try {
      const next = move?.take(state);
      if (next === undefined) return undefined;
      this.#transitions += 1;
      if (!this.#known.add(fingerprint(next, world.layout))) return undefined;
      this.#past.add(this.#at, number);
      checkState(world, next);
      this.#examine?.(next);
      this.#waiting.add(next);
      return undefined;
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      const schedule = [...this.#scheduleTo(this.#at), move?.describe(state) ?? ""];
      return { invariant: error.invariant, message: error.message, schedule };
    }
  }

  result(isComplete: boolean, violation?: Found): Explored {
    return { states: this.size, transitions: this.#transitions, isComplete, violation };
  }

  #scheduleTo(last: number): readonly string[] {
    const { world, moves } = this.#simulation;
    let state = world.initial();
    return this.#past.movesTo(last).map((number) => {
      const line = moves[number]?.describe(state) ?? "";
      state = moves[number]?.take(state) ?? state;
      return line;
    });
  }
}

function isIndependent(world: World, state: State, { write, reads }: Work): boolean {
  return write === undefined ? reads === undefined : isDoomed(world, state, write);
}
