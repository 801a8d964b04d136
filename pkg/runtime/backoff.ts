/** How long to wait between tries. */
export interface BackoffPolicy {
  /** Upper end of the first delay, in milliseconds. */
  readonly baseMs: number;
  /** No delay is longer. */
  readonly maxMs: number;
  /** `full`: anything from 0 to the exponential value. `equal`: at least half of it, where a delay near 0 would be a hot loop. */
  readonly jitter: "full" | "equal";
}

/** A random number in [0, 1), like Math.random. */
export type Random = () => number;

/**
 * Whole milliseconds to wait after `failures` earlier failures in a row (0 for the first): baseMs * 2^failures, capped,
 * then jittered, so that many clients that failed together don't come back together.
 */
export function backoffDelay(policy: BackoffPolicy, failures: number, random: Random): number {
  // Bounded: 2 ** failures gets infinite, and 0 * Infinity is no number.
  const ceiling = Math.min(policy.maxMs, policy.baseMs * 2 ** Math.min(failures, 52));
  const certain = policy.jitter === "equal" ? ceiling / 2 : 0;
  return Math.round(certain + random() * (ceiling - certain));
}
