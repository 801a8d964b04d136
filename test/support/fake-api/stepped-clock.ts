import type { Clock } from "../../../pkg/runtime/clock.ts";

/** A clock that only moves when it is told to. */
export class SteppedClock implements Clock {
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** Goes on to that time (ms); never back. */
  reach(time: number): void {
    this.#now = Math.max(this.#now, time);
  }
}
