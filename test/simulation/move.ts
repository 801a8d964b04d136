import type { Budget, State } from "./layout.ts";

/** One thing that can happen: a step of a controller, of Tekton, of a person, a fault, or time that goes by. */
export interface Move {
  /** What is counted in the table of a random run. */
  kind(state: State): string;
  /** The next state; undefined where it can't happen. Throws Violation where it must not happen. */
  take(state: State): State | undefined;
  /** What happens, for people. */
  describe(state: State): string;
  /** It never happens where the bounds allow none of these. */
  readonly budget?: Budget;
  /** A random schedule has it seldom. */
  readonly isRare?: boolean;
}

/** A move that is always of the same kind; without a description it is its own. */
export function aMove(kind: string, take: Move["take"], describe: Move["describe"] = () => kind): Move {
  return { kind: () => kind, take, describe };
}

/** The moves, each impossible without this budget. */
export function onBudget(budget: Budget, ...moves: readonly Move[]): readonly Move[] {
  return moves.map((move) => ({ ...move, budget, isRare: true }));
}

/** What lock.md section 5 promises; `history`: the record of a target loses nothing that counts. */
export type Invariant = "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7" | "history" | "liveness";

/** A state or a change that must not be. */
export class Violation extends Error {
  readonly invariant: Invariant;

  constructor(invariant: Invariant, message: string) {
    super(`${invariant}: ${message}`);
    this.name = "Violation";
    this.invariant = invariant;
  }
}
