import type { Clock } from "../runtime/clock.ts";
import type { Timers } from "../runtime/timers.ts";

/**
 * The API server's clock (design.md section 5), from the Date headers of its answers.
 *
 * A header says the server's time in whole seconds, cut off: at some moment between sending and receiving, that time
 * lay in [date, date + 1 s). Each answer so bounds the offset between the server's clock and our monotonic one, and the
 * bounds of many answers intersect to about a round trip. As the two clocks drift apart, old bounds widen.
 *
 * An answer that contradicts the bounds means that the server's clock was set, that this machine slept, or that one
 * replica of several is off. It counts only when others confirm it, so that a single stray answer moves nothing.
 */
export interface ServerClock extends Clock {
  /** Takes in the Date header of an answer. */
  observe(answer: DatedAnswer): void;
}

/** When an answer was asked for and received on the monotonic clock, and its Date header (all in milliseconds). */
export interface DatedAnswer {
  readonly date: number;
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** Bounds of (server's clock - monotonic clock), and the monotonic time at which they held. */
interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly at: number;
}

/** Twice what NTP may slew a clock by (500 ppm): the server's and ours. */
const DRIFT = 0.001;
/** Contradicting answers that must agree with each other before they are believed. */
const CONFIRMATIONS = 3;
const GRANULARITY_MS = 1000;

/**
 * A clock that follows the API server; between answers it runs with `timers.now()`.
 *
 * `now()` throws before the first answer: the local wall clock is no substitute. It never goes back: when it is found to
 * be ahead, it runs at half speed until the server's clock has caught up.
 */
export function createServerClock(timers: Pick<Timers, "now">): ServerClock {
  let bounds: Bounds | undefined;
  let doubt: { readonly bounds: Bounds; readonly count: number } | undefined;
  let told = { value: -Infinity, at: 0 };

  function observe(answer: DatedAnswer): void {
    const sample = boundsOf(answer);
    const agreed = bounds === undefined ? sample : intersect(bounds, sample);
    if (agreed === undefined) {
      contradict(sample);
      return;
    }
    bounds = agreed;
    doubt = undefined;
  }

  function contradict(sample: Bounds): void {
    const agreed = doubt === undefined ? undefined : intersect(doubt.bounds, sample);
    doubt = agreed === undefined ? { bounds: sample, count: 1 } : { bounds: agreed, count: (doubt?.count ?? 0) + 1 };
    if (doubt.count < CONFIRMATIONS) return;
    bounds = doubt.bounds;
    doubt = undefined;
  }

  function now(): number {
    if (bounds === undefined) throw new Error("the API server's time isn't known yet: nothing was answered so far");
    const at = timers.now();
    const estimate = at + (bounds.low + bounds.high) / 2;
    told = { value: Math.max(estimate, told.value + (at - told.at) / 2), at };
    return Math.floor(told.value);
  }

  return { now, observe };
}

function boundsOf({ date, sentAt, receivedAt }: DatedAnswer): Bounds {
  return { low: date - receivedAt, high: date + GRANULARITY_MS - sentAt, at: receivedAt };
}

/** What both allow, the older one widened by the drift since; undefined where they contradict each other. */
function intersect(older: Bounds, newer: Bounds): Bounds | undefined {
  const drift = Math.max(0, newer.at - older.at) * DRIFT;
  const low = Math.max(older.low - drift, newer.low);
  const high = Math.min(older.high + drift, newer.high);
  return low <= high ? { low, high, at: newer.at } : undefined;
}
