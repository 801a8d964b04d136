/** Random schedules in worlds that are too large to look at every state. */
import fc from "fast-check";
import type { Bounds, Product } from "./bounds.ts";
import { checkState } from "./invariants.ts";
import type { State } from "./layout.ts";
import { Violation, type Move } from "./move.ts";
import { aSimulation, PRODUCT, type Simulation } from "./simulation.ts";

export interface RandomOptions {
  readonly schedules: number;
  readonly seed: number;
  readonly product?: Product;
}

export interface RandomReport {
  readonly steps: number;
  /** Steps of the schedule in the middle. */
  readonly medianLength: number;
  /** How often each kind of step was taken. */
  readonly kinds: ReadonlyMap<string, number>;
  /** The violation, its shortest schedule as found by shrinking, and how to see it again; undefined where there is none. */
  readonly violation: string | undefined;
}

/** One in so many choices may be a fault, an act of people, or the clock. */
const FAULT_EVERY = 16;
const SHORTEST = 60;
const LONGEST = 200;
/** A new world after so many different objects: its memory doesn't grow without end. */
const MOST_OBJECTS = 40_000;

/** Plays schedules; each number of one chooses the next of the moves that are possible. */
export function playRandomly(bounds: Bounds, { schedules, seed, product = PRODUCT }: RandomOptions): RandomReport {
  const player = new Player(bounds, product);
  const choices = fc.uint16Array({ minLength: SHORTEST, maxLength: LONGEST, size: "max" });
  const property = fc.property(choices, (schedule) => {
    player.play(schedule);
  });
  const details = fc.check(property, { numRuns: schedules, seed });
  const { counterexample, counterexamplePath } = details;
  const where = `seed ${String(details.seed)}, path ${String(counterexamplePath)}`;
  const violation = counterexample === null ? undefined : `${where}\n${player.describe(counterexample[0])}`;
  return { steps: player.steps, medianLength: player.medianLength, kinds: player.kinds, violation };
}

class Player {
  readonly #bounds: Bounds;
  readonly #product: Product;
  readonly #lengths: number[] = [];
  readonly kinds = new Map<string, number>();
  steps = 0;
  #simulation: Simulation;
  #calm: readonly Move[];

  constructor(bounds: Bounds, product: Product) {
    this.#bounds = bounds;
    this.#product = product;
    this.#simulation = aSimulation(bounds, product);
    this.#calm = calmMoves(this.#simulation);
  }

  get medianLength(): number {
    return this.#lengths.toSorted((a, b) => a - b)[Math.floor(this.#lengths.length / 2)] ?? 0;
  }

  play(schedule: Iterable<number>): void {
    this.#renew();
    let state = this.#simulation.world.initial();
    let length = 0;
    for (const choice of schedule) {
      const next = this.#choose(state, choice, (kind) => {
        this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
      });
      if (next === undefined) break;
      checkState(this.#simulation.world, next);
      length += 1;
      state = next;
    }
    this.steps += length;
    this.#lengths.push(length);
  }

  #renew(): void {
    if (this.#simulation.world.table.size <= MOST_OBJECTS) return;
    this.#simulation = aSimulation(this.#bounds, this.#product);
    this.#calm = calmMoves(this.#simulation);
  }

  /** The schedule in words, up to what is wrong in it. */
  describe(schedule: Iterable<number>): string {
    const lines: string[] = [];
    let state = this.#simulation.world.initial();
    try {
      for (const choice of schedule) {
        const next = this.#choose(state, choice, (_kind, what) => lines.push(what()));
        if (next === undefined) break;
        checkState(this.#simulation.world, next);
        state = next;
      }
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      lines.push(error.message);
    }
    return lines.map((line, index) => `${String(index + 1)}. ${line}`).join("\n");
  }

  /** The first move that is possible, from the chosen one on. Faults are rare: else all of them happen at the beginning. */
  #choose(state: State, choice: number, note: (kind: string, what: () => string) => void): State | undefined {
    const moves = choice % FAULT_EVERY === 0 ? this.#simulation.moves : this.#calm;
    const first = Math.floor(choice / FAULT_EVERY);
    for (let index = 0; index < moves.length; index += 1) {
      const move = moves[(first + index) % moves.length];
      const next = move?.take(state);
      if (move === undefined || next === undefined) continue;
      note(move.kind(state), () => move.describe(state));
      return next;
    }
    return undefined;
  }
}

function calmMoves({ moves }: Simulation): readonly Move[] {
  return moves.filter(({ isRare }) => isRare !== true);
}
