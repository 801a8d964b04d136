/** Random schedules in worlds that are too large to look at every state. */
import fc from "fast-check";
import type { Bounds, Product } from "./bounds.ts";
import { Chooser } from "./chooser.ts";
import type { State } from "./layout.ts";
import { Liveness } from "./liveness.ts";
import { Violation } from "./move.ts";
import { attempt, shortened, told, violationOf } from "./schedule.ts";
import { aSimulation, PRODUCT, type Simulation } from "./simulation.ts";

export interface RandomOptions {
  readonly schedules: number;
  readonly seed: number;
  /** Only that schedule of the seed. */
  readonly path?: string | undefined;
  readonly product?: Product;
}

export interface RandomReport {
  readonly steps: number;
  /** Steps of each schedule. */
  readonly lengths: readonly number[];
  /** How often each kind of step was taken; 0 for one that is known and never happened. */
  readonly kinds: ReadonlyMap<string, number>;
  readonly violation: RandomViolation | undefined;
}

export interface RandomViolation {
  readonly invariant: string;
  readonly message: string;
  /** What happened, without anything that isn't needed for it. */
  readonly schedule: readonly string[];
  readonly seed: number;
  /** Which schedule of the seed. */
  readonly path: string;
}

const SHORTEST = 60;
const LONGEST = 200;
/** From the last state of every so many schedules it is tried whether all can still come to its end. */
const EXAMINED = 25;
/** A new world after so many different objects: its memory doesn't grow without end. */
const MOST_OBJECTS = 15_000;

/** Plays schedules; each number of one chooses the next of the moves that are possible. */
export function playRandomly(bounds: Bounds, { schedules, seed, path, product }: RandomOptions): RandomReport {
  const player = new Player(bounds, product ?? PRODUCT);
  const choices = fc.uint16Array({ minLength: SHORTEST, maxLength: LONGEST, size: "max" });
  const property = fc.property(choices, (schedule) => {
    player.play(schedule, path !== undefined);
  });
  // Where it was found is enough: what is shortened are the moves, not the numbers.
  const which = path === undefined ? { numRuns: schedules } : { numRuns: 1, path };
  const details = fc.check(property, { seed, endOnFailure: true, unbiased: true, ...which });
  const { steps, lengths, kinds } = player;
  if (!details.failed) return { steps, lengths, kinds, violation: undefined };
  const violation = { ...player.explain(details.errorInstance), seed, path: details.counterexamplePath ?? "" };
  return { steps, lengths, kinds, violation };
}

class Player {
  readonly lengths: number[] = [];
  readonly kinds: Map<string, number>;
  steps = 0;
  readonly #bounds: Bounds;
  readonly #product: Product;
  #simulation: Simulation;
  #liveness: Liveness;
  readonly #chooser: Chooser;
  /** The moves of the last schedule. */
  #taken: number[] = [];

  constructor(bounds: Bounds, product: Product) {
    this.#bounds = bounds;
    this.#product = product;
    this.#simulation = aSimulation(bounds, product);
    this.#liveness = new Liveness(this.#simulation);
    this.#chooser = new Chooser(this.#simulation.moves);
    this.kinds = new Map(this.#simulation.moves.flatMap(({ kinds }) => kinds).map((kind) => [kind, 0]));
  }

  /** Throws Violation. */
  play(schedule: Iterable<number>, isExamined: boolean): void {
    this.#renew();
    this.#taken = [];
    let state = this.#simulation.world.initial();
    for (const choice of schedule) {
      const next = this.#step(state, choice);
      if (next instanceof Violation) throw next;
      if (next === undefined) break;
      state = next;
    }
    this.steps += this.#taken.length;
    this.lengths.push(this.#taken.length);
    if (isExamined || this.lengths.length % EXAMINED === 0) this.#liveness.examine(state);
  }

  /** What broke in the last schedule, in few moves. */
  explain(error: unknown): Pick<RandomViolation, "invariant" | "message" | "schedule"> {
    if (!(error instanceof Violation)) throw error;
    const { invariant, message } = error;
    const examine = invariant === "liveness" ? this.#examine.bind(this) : undefined;
    const few = shortened(this.#taken, (rest) => violationOf(this.#simulation, rest, examine)?.invariant === invariant);
    return { invariant, message, schedule: told(this.#simulation, few) };
  }

  #examine(state: State): void {
    this.#liveness.examine(state);
  }

  #renew(): void {
    if (this.#simulation.world.table.size <= MOST_OBJECTS) return;
    this.#simulation = aSimulation(this.#bounds, this.#product);
    this.#liveness = new Liveness(this.#simulation);
  }

  #step(state: State, choice: number): State | Violation | undefined {
    const { moves, world } = this.#simulation;
    return this.#chooser.choose(choice, (number) => {
      const move = moves[number];
      const next = move === undefined ? undefined : attempt(world, move, state);
      if (move === undefined || next === undefined) return undefined;
      this.#taken.push(number);
      const kind = move.kind(state);
      this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
      return next;
    });
  }
}
