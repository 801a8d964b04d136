/** Loads of executions that all succeed, each on a target of its own. */
import { latencyBetween, type Latency } from "./latency.ts";
import { targetOf, type Load, type LoadRun } from "./load.ts";

const STEP_MS = 500;

/** The first load is for the caches of both servers; its figures aren't shown. */
export const WARM_UP = successes({ rate: 5, count: 20, prefix: "warm-up" }, STEP_MS);

/** The loads whose figures are shown. */
export const SUCCESSES: readonly Load[] = [
  successes({ rate: 1, count: 30, prefix: "slow" }, STEP_MS),
  successes({ rate: 10, count: 300, prefix: "fast" }, STEP_MS),
];

/**
 * Two loads of which the second finds PostgreSQL down. Both are over when every execution has ended. Slow enough for two cores
 * to keep up: at their limit the latency shows how busy the machine is, and nothing of PostgreSQL.
 */
export const UP: Load = untilFinished({ rate: 4, count: 120, prefix: "up" });
export const DOWN: Load = untilFinished({ rate: 4, count: 120, prefix: "down" });

function untilFinished(load: Pick<Load, "rate" | "count" | "prefix">): Load {
  return { ...successes(load, STEP_MS), until: "finished" };
}

function successes(load: Pick<Load, "rate" | "count" | "prefix">, stepMs: number): Load {
  const parameters = { PLAY_STEP_MS: String(stepMs) };
  return { ...load, ask: (n) => ({ target: targetOf(load.prefix, n), parameters }), until: "settled" };
}

/** The latencies of one load. */
export interface SuccessFigures {
  /** Executions a second. */
  readonly rate: number;
  readonly executions: number;
  readonly createdToStarted: Latency;
  readonly runEndedToStatus: Latency;
  readonly createdToSettled: Latency;
}

/** Sums up a load. */
export function successFigures({ rate }: Load, { lives }: LoadRun): SuccessFigures {
  return {
    rate,
    executions: lives.length,
    createdToStarted: latencyBetween(lives, "created", "started"),
    runEndedToStatus: latencyBetween(lives, "runEnded", "finished"),
    createdToSettled: latencyBetween(lives, "created", "settled"),
  };
}
