import { sleep } from "../runtime/sleep.ts";
import type { Timers } from "../runtime/timers.ts";

/** How fast this client may ask. */
export interface Rate {
  /** Requests a second in the long run. */
  readonly qps: number;
  /** Requests at once after a pause. */
  readonly burst: number;
}

/** Holds requests back so that this client stays within its rate. Waiting ones leave in the order in which they came. */
export interface RateLimiter {
  /** Resolves when the request may leave. Rejects when the signal aborts meanwhile; the turn is then lost. */
  take(signal?: AbortSignal): Promise<void>;
}

const NEVER = new AbortController().signal;

/** A token bucket that is full at first. */
export function createTokenBucket(rate: Rate, timers: Timers): RateLimiter {
  const interval = 1000 / rate.qps;
  const tolerance = (rate.burst - 1) * interval;
  // When the bucket would be full again: each request moves it on by one interval.
  let fullAt = -Infinity;

  async function take(signal: AbortSignal = NEVER): Promise<void> {
    signal.throwIfAborted();
    const asked = timers.now();
    fullAt = Math.max(fullAt, asked);
    const delay = fullAt - tolerance - asked;
    fullAt += interval;
    if (delay > 0) await sleep(timers, delay, signal);
    signal.throwIfAborted();
  }
  return { take };
}
