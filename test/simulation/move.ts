import type { Budget, State } from "./layout.ts";

/**
 * Who or what moves: a controller makes its request, or takes up a key; Tekton and its like; a fault or a person; the
 * clock.
 */
export type Part = "request" | "key" | "nature" | "fault" | "time";

/** One thing that can happen: a step of a controller, of Tekton, of a person, a fault, or time that goes by. */
export interface Move {
  readonly part: Part;
  /** All that it may be counted as. */
  readonly kinds: readonly string[];
  /** What it is counted as in that state, where it is possible. */
  kind(state: State): string;
  /** The next state; undefined where it can't happen. Throws Violation where it must not happen. */
  take(state: State): State | undefined;
  /** What happens, for people. */
  describe(state: State): string;
  /** It never happens where the bounds allow none of these. */
  readonly budget?: Budget;
}

/** A move that is always of the same kind; without a description it is its own. */
export function aMove(kind: string, take: Move["take"], describe: Move["describe"] = () => kind): Move {
  return { part: "nature", kinds: [kind], kind: () => kind, take, describe };
}

/** The moves, each impossible without this budget. */
export function onBudget(budget: Budget, ...moves: readonly Move[]): readonly Move[] {
  return moves.map((move) => ({ ...move, budget, part: "fault" }));
}

/**
 * What lock.md section 5 promises, and more of the same: `release`: a target is given back when nothing acts on it any
 * more; `backoff`, `block`: nothing starts before its time, or before it is cleared; `history`: the record of a target
 * loses nothing that counts; `order`: nobody overtakes who waits; `audit`: no event is lost, and no run is deleted before
 * its events are committed, and (mode strict) none is started before its intent is; `cancel`: what a person has cancelled doesn't start and ends as cancelled; `liveness`:
 * everything ends, and nothing is done for ever without an effect.
 */
export type Invariant =
  | ("I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7")
  | ("release" | "backoff" | "block" | "history" | "order" | "audit" | "cancel" | "liveness");

/** A state or a change that must not be. */
export class Violation extends Error {
  readonly invariant: Invariant;

  constructor(invariant: Invariant, message: string) {
    super(`${invariant}: ${message}`);
    this.name = "Violation";
    this.invariant = invariant;
  }
}
