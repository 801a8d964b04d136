/** Random choices that a seed repeats. */
export interface Random {
  /** 0 up to, but not including, `limit`. */
  below(limit: number): number;
  /** True in that share of the cases. */
  chance(share: number): boolean;
  /** One of a list that isn't empty. */
  pick<T>(list: readonly T[]): T;
}

/** The choices of a seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed;
  return {
    below: (limit) => Math.floor(next() * limit),
    chance: (share) => next() < share,
    pick(list) {
      const chosen = list[Math.floor(next() * list.length)];
      if (chosen === undefined) throw new RangeError("nothing to choose from");
      return chosen;
    },
  };

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
