/**
 * The kill test of the audit trail: controllers and PostgreSQL crash at moments that a seed chooses, while executions
 * end in all ways, people delete some and clear blocks. Afterwards every event that was ever in an outbox must have
 * exactly one row, and every row such an event.
 */
import type { ActPlan } from "./acts.ts";
import { planBursts, type BurstSize } from "./burst-plan.ts";
import { runCampaign, type Campaign } from "./campaign.ts";
import { keepHistory } from "./history-file.ts";
import { clearBlock, deleteExecution } from "./people.ts";
import { compareTrail } from "./trail-of-history.ts";

export interface KillOptions extends BurstSize {
  readonly seed: number;
  readonly gap: ActPlan["gap"];
}

/** A campaign with what is wrong with its trail, in words. */
export interface KillReport extends Campaign {
  readonly problems: readonly string[];
}

/** Nobody is spared: at times no controller runs and PostgreSQL is down. */
const KILL_ACTS: ActPlan["acts"] = [
  [20, ({ fleet, random }) => fleet.kill(random, 0)],
  [13, ({ database }) => database.begin("SIGQUIT")],
  [13, ({ database }) => database.begin("SIGKILL")],
  [26, ({ database }) => database.end()],
  [14, ({ world, random, user }) => clearBlock(world, user, random), "cleared"],
  [14, ({ world, random }) => deleteExecution(world, random), "deletedExecutions"],
];

/** Runs it to its end and judges it. What is wrong can be looked into: the last problem names a file with the history. */
export async function runKills({ seed, gap, ...size }: KillOptions): Promise<KillReport> {
  const campaign = await runCampaign({ plan: planBursts(seed, size), acts: { gap, acts: KILL_ACTS } });
  const { outboxes, rows, verdict, history } = campaign;
  const found = [
    ...outboxes.problems,
    ...compareTrail(outboxes.events, rows),
    ...(verdict.problem === undefined ? [] : [`verification: ${verdict.problem.detail}`]),
  ];
  const problems = found.length === 0 ? [] : [...found, `the history: ${await keepHistory(history)}`];
  return { ...campaign, problems };
}

/** The campaign for people. */
export function renderKills({ plan, outboxes, rows, verdict, seconds, ...report }: KillReport): string {
  const { executions, gone, events, receipts } = outboxes;
  const figures: readonly (readonly [string, number])[] = [
    ["executions", executions],
    ["of these deleted", gone],
    ["controllers killed", report.killed],
    ["PostgreSQL, SIGQUIT", report.quit],
    ["PostgreSQL, SIGKILL", report.killedDatabases],
    ["blocks cleared", report.cleared],
    ["events in outboxes", events.length],
    ["rows of these", rows.length],
    ["rows verified", verdict.rows],
    ["receipts compared", receipts.length],
    ["seconds", Math.round(seconds)],
  ];
  const lines = figures.map(([what, count]) => `${String(count).padStart(8)}  ${what}`);
  return [`kills, seed ${String(plan.seed)} (FAULT_SEED repeats it)`, ...lines].join("\n");
}
