import type { Move, Part } from "./move.ts";

/** How often, of 32 choices, a move of that part is tried first. */
const SHARES: Readonly<Record<Part, number>> = { request: 14, nature: 7, key: 8, fault: 2, time: 1 };
const PARTS = Object.keys(SHARES) as readonly Part[];
const DRAWS = PARTS.flatMap((part, index) => Array.from({ length: SHARES[part] }, () => index));

/** Tries the move with that number; undefined where it is not possible. */
export type Attempt<T> = (number: number) => T | undefined;

/** Turns random numbers into moves. A move that isn't possible is replaced by the next one, so that each number is a step. */
export class Chooser {
  /** The numbers of the moves of each part, in groups that are drawn alike however many moves they have. */
  readonly #groups: readonly (readonly (readonly number[])[])[];

  constructor(moves: readonly Move[]) {
    this.#groups = PARTS.map((part) => groupsOf(part, moves));
  }

  /** The first attempt that succeeds, from the move on that this 16 bit number stands for. */
  choose<T>(choice: number, attempt: Attempt<T>): T | undefined {
    const first = DRAWS[choice % DRAWS.length] ?? 0;
    const luck = Math.floor(choice / DRAWS.length);
    for (let index = 0; index < PARTS.length; index += 1) {
      const next = tryGroups(this.#groups[(first + index) % PARTS.length] ?? [], luck, attempt);
      if (next !== undefined) return next;
    }
    return undefined;
  }
}

/** Faults and acts of people are drawn by their kind: there are many watches that can lag, and few crashes. */
function groupsOf(part: Part, moves: readonly Move[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const [number, move] of moves.entries()) {
    if (move.part !== part) continue;
    const name = move.budget ?? part;
    groups.set(name, [...(groups.get(name) ?? []), number]);
  }
  return [...groups.values()];
}

function tryGroups<T>(groups: readonly (readonly number[])[], luck: number, attempt: Attempt<T>): T | undefined {
  const within = Math.floor(luck / groups.length);
  for (let index = 0; index < groups.length; index += 1) {
    const group = groups[(luck + index) % groups.length] ?? [];
    for (let place = 0; place < group.length; place += 1) {
      const next = attempt(group[(within + place) % group.length] ?? 0);
      if (next !== undefined) return next;
    }
  }
  return undefined;
}
