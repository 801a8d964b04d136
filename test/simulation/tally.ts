import type { RandomReport } from "./random.ts";

const LEAST_STEPS = 20_000_000;
const LEAST_MEDIAN = 40;
const LEAST_OF_A_KIND = 1000;

/** What was done in all random schedules together. Luck is no proof: there must have been much of everything. */
export class Tally {
  readonly #kinds = new Map<string, number>();
  readonly #lengths: number[] = [];
  #steps = 0;

  get steps(): number {
    return this.#steps;
  }

  /** Steps of the schedule in the middle. */
  get median(): number {
    return this.#lengths.toSorted((a, b) => a - b)[Math.floor(this.#lengths.length / 2)] ?? 0;
  }

  add({ steps, lengths, kinds }: RandomReport): void {
    this.#steps += steps;
    for (const length of lengths) this.#lengths.push(length);
    for (const [kind, times] of kinds) this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + times);
  }

  /** How often each kind of step was taken. */
  table(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#kinds].toSorted(([, a], [, b]) => b - a));
  }

  /** What there was too little of; empty where there was enough. */
  lacks(): readonly string[] {
    const rare = [...this.#kinds].filter(([, times]) => times < LEAST_OF_A_KIND);
    return [
      ...(this.#steps < LEAST_STEPS ? [`less than ${String(LEAST_STEPS)} steps`] : []),
      ...(this.median < LEAST_MEDIAN ? [`less than ${String(LEAST_MEDIAN)} steps in the schedule in the middle`] : []),
      ...rare.map(([kind, times]) => `only ${String(times)} of ${String(LEAST_OF_A_KIND)} times: ${kind}`),
    ];
  }
}
