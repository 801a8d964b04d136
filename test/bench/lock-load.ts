/**
 * The lock check under load: many executions a second, most of them on targets that are held or in their cooldown. And
 * what executions cost the API server that have no run of their own.
 */
import type { LogLine } from "../support/controller-under-test.ts";
import { latencyBetween, latencyOf, type Latency } from "./latency.ts";
import { targetOf, type Load, type LoadRun } from "./load.ts";

/** Neither number shares a factor with the ten of the mix: all targets get their turn. */
const HELD = 9;
const COOLING = 3;

/** Their runs never end. */
export const HOLDERS: Load = {
  rate: 10,
  count: HELD,
  prefix: "held",
  ask: (n) => ({ target: targetOf("held", n), parameters: { PLAY_ENDING: "never" } }),
  until: "started",
};

/** They leave targets in their cooldown. */
export const COOLERS: Load = {
  rate: 10,
  count: COOLING,
  prefix: "cooling",
  ask: (n) => ({ target: targetOf("cooling", n) }),
  until: "settled",
};

/** Executions on held targets, which end as Skipped. */
export const SKIPPED: Load = {
  rate: 10,
  count: 20,
  prefix: "skipped",
  ask: (n) => ({ target: targetOf("held", n % HELD) }),
  until: "settled",
};

/** One execution on each held target, which waits for it. */
export const WAITERS: Load = {
  rate: 10,
  count: HELD,
  prefix: "waiter",
  ask: (n) => ({ target: targetOf("held", n), spec: { onBusy: "Wait" } }),
  until: "waiting",
};

/**
 * Of ten executions six are on held targets, two on cooling ones, and two on the same new one, the second right behind
 * the first.
 */
export const MIXED: Load = {
  rate: 50,
  count: 1_000,
  prefix: "mixed",
  ask: (n) => ({ target: mixedTarget(n) }),
  until: "settled",
};

function mixedTarget(n: number): string {
  const place = n % 10;
  if (place < 2) return targetOf("mixed", n - place);
  return place < 4 ? targetOf("cooling", n % COOLING) : targetOf("held", n % HELD);
}

/** What the mixed load showed. */
export interface LockFigures {
  /** Executions a second, as asked for and as created. */
  readonly rate: number;
  readonly createdRate: number;
  readonly executions: number;
  readonly skipped: number;
  /** How many were decided when the last one was created. */
  readonly decidedByThen: number;
  /** Lock checks, retries after a conflict within one reconcile being part of one. */
  readonly checks: number;
  readonly check: Latency;
  readonly createdToSkipped: Latency;
  readonly createdToRun: Latency;
}

/** Sums up a run of the mixed load; `log` is that of the measured controller. */
export function lockFigures(run: LoadRun, log: readonly LogLine[]): LockFigures {
  const { lives, creationMs, decidedByThen } = run;
  const skipped = lives.filter((life) => life.skipped !== undefined);
  const checks = log.flatMap(checkOfMixed);
  return {
    rate: MIXED.rate,
    createdRate: ((lives.length - 1) * 1000) / creationMs,
    executions: lives.length,
    skipped: skipped.length,
    decidedByThen,
    checks: checks.length,
    check: latencyOf(checks),
    createdToSkipped: latencyBetween(skipped, "created", "decided"),
    createdToRun: latencyBetween(
      lives.filter((life) => life.skipped === undefined),
      "created",
      "decided",
    ),
  };
}

/** The ms of a lock check of the mixed load, if that line tells of one. */
function checkOfMixed({ msg, execution, seconds }: LogLine): readonly number[] {
  return msg === "lock check" && String(execution).startsWith(`${MIXED.prefix}-`) ? [Number(seconds) * 1000] : [];
}
