import type { Life } from "./observe.ts";

/** Milliseconds, over many executions. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Sums up times in ms. */
export function latencyOf(times: readonly number[]): Latency {
  const sorted = times.toSorted((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: quantile(sorted, 1) };
}

/** Sums up how long executions took from one stage to another, those that reached both. */
export function latencyBetween(lives: readonly Life[], from: keyof Life, to: keyof Life): Latency {
  const times = lives.map((life) => (life[to] ?? Number.NaN) - (life[from] ?? Number.NaN));
  // The watch may tell of our own write's effect before the answer to it is read.
  return latencyOf(times.filter((ms) => !Number.isNaN(ms)).map((ms) => Math.max(0, ms)));
}

/** The smallest value that at least that share of the sorted values doesn't exceed; 0 where there are none. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
