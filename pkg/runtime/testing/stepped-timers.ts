import { setImmediate } from "node:timers/promises";
import type { Timers } from "../timers.ts";

interface Timer {
  readonly dueAt: number;
  readonly run: () => void;
}

/** Timers for tests and simulations: time passes only by `step`. Starts at 0. */
export class SteppedTimers implements Timers {
  #now = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { dueAt: this.#now + Math.max(0, ms), run };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** When the next timer is due, undefined where none is pending. */
  nextDueAt(): number | undefined {
    return this.#earliest()?.dueAt;
  }

  /** How many timers are pending: 0 after a clean stop. */
  pending(): number {
    return this.#timers.size;
  }

  /** Lets `ms` milliseconds pass, fires what gets due in order of time, and lets all promises settle in between. */
  async step(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let timer = this.#earliest(); timer !== undefined && timer.dueAt <= end; timer = this.#earliest()) {
      this.#now = Math.max(this.#now, timer.dueAt);
      this.#timers.delete(timer);
      timer.run();
      await settle();
    }
    this.#now = end;
  }

  #earliest(): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) {
      if (earliest === undefined || timer.dueAt < earliest.dueAt) earliest = timer;
    }
    return earliest;
  }
}

/** Returns once every promise that could settle without time passing has done so. */
export async function settle(): Promise<void> {
  await setImmediate();
}
