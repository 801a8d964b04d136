/** One campaign: bursts of executions on a new cluster, faults meanwhile, and in the end the history that etcd kept. */
import type { TargetLock } from "../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { isTerminal } from "../../pkg/execution/conditions.ts";
import { isDone } from "../../pkg/tekton/run-state.ts";
import { startControllerUnderTest, type ControllerSettings } from "../support/controller-under-test.ts";
import { aPlayedExecution, startWorld, type World } from "../support/controller-world.ts";
import { verifyDatabase } from "../../pkg/audit/verify/verify-database.ts";
import type { Verdict } from "../../pkg/audit/verify/verify-trail.ts";
import { allRecorded } from "../../pkg/execution/outbox.ts";
import { NO_ACTS, startActs, type ActPlan, type ActsTally, type Stage } from "./acts.ts";
import type { BurstPlan } from "./burst-plan.ts";
import { createDatabaseOutages, type OutageTally } from "./database-outages.ts";
import { startFleet, type FleetTally } from "./fleet.ts";
import type { HistoryEntry } from "./history-entry.ts";
import { keepHistory } from "./history-file.ts";
import { outboxesIn, type OutboxHistory } from "./outbox-history.ts";
import { readHistory } from "./read-history.ts";
import { readTrail, type RecordedEvent } from "./read-trail.ts";
import { refuseRuns } from "./refuse-runs.ts";
import { createRandom } from "./seeded-random.ts";

export const COOLDOWN_MS = 2_000;

/** Times that a test can wait for, and see to be kept all the same. */
const SETTINGS = {
  cooldownPeriod: `${String(COOLDOWN_MS)}ms`,
  backoff: { base: "1s", max: "2s", maxConsecutiveFailures: 3 },
  // Longer than the played Tekton needs to see that a run is gone, also on a busy machine.
  externalDeletionSettle: "3s",
};

export interface CampaignOptions {
  readonly plan: BurstPlan;
  /** What is done from outside meanwhile; without it, everything goes its way. */
  readonly acts?: ActPlan;
  /** Another controller than the product's. */
  readonly entry?: NonNullable<ControllerSettings["entry"]>;
}

/** What was done, and what came of it. */
export interface Campaign extends FleetTally, ActsTally, OutageTally {
  readonly plan: BurstPlan;
  readonly history: readonly HistoryEntry[];
  readonly outboxes: OutboxHistory;
  /** The audit trail, and what verification says of it with all receipts that there ever were as anchors. */
  readonly rows: readonly RecordedEvent[];
  readonly verdict: Verdict;
  /** Exit codes of the controllers that ended in the end. */
  readonly exitCodes: readonly (number | null)[];
  readonly seconds: number;
}

const DEADLINE_MS = 180_000;
/** Sets the random choices while it runs apart from those of the plan. */
const ACTS_SEED = 0x5eed;

/** Runs it until every execution has ended, every target is free and every event is recorded. Rejects where that doesn't come. */
export async function runCampaign(options: CampaignOptions): Promise<Campaign> {
  const began = performance.now();
  const world = await startWorld({ keepsHistory: true, durable: true });
  try {
    await refuseRuns(world);
    const fleet = await startFleet(options.plan.controllers, () => startController(world, options));
    const database = createDatabaseOutages(world.postgres);
    const players = { world, fleet, database };
    const acted = await play(players, options).catch((error: unknown) => fail(players, error));
    const exitCodes = (await fleet.stop()).map(({ code }) => code);
    const found = await readRecords(world);
    const seconds = (performance.now() - began) / 1000;
    return { plan: options.plan, ...fleet.tally(), ...database.tally(), ...acted, ...found, exitCodes, seconds };
  } finally {
    await world.stop();
  }
}

type Players = Pick<Stage, "world" | "fleet" | "database">;

type Records = Pick<Campaign, "history" | "outboxes" | "rows" | "verdict">;

/** What is known afterwards, from etcd and from PostgreSQL. */
async function readRecords({ cluster, postgres }: World): Promise<Records> {
  const history = await readHistory(cluster.etcd);
  const outboxes = outboxesIn(history);
  const rows = await readTrail(postgres.url);
  const verdict = await verifyDatabase(postgres.url, { anchors: outboxes.receipts });
  return { history, outboxes, rows, verdict };
}

/** What never came to an end is looked into by its history. No controller is left behind. */
async function fail({ world, fleet }: Players, error: unknown): Promise<never> {
  await fleet.stop();
  const file = await keepHistory(await readHistory(world.cluster.etcd));
  throw new Error(`the campaign broke off; its history: ${file}`, { cause: error });
}

async function play(players: Players, { plan, acts: actPlan }: CampaignOptions): Promise<ActsTally> {
  const { world, fleet, database } = players;
  const random = createRandom(plan.seed ^ ACTS_SEED);
  const user = (await world.kubectl("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")).trim();
  const acts = actPlan === undefined ? undefined : startActs({ ...players, random, user }, actPlan);
  const over = watchEnds(world);
  let created = 0;
  try {
    for (const burst of plan.bursts) {
      const patience = random.below(burst.length);
      await world.until("room for the next burst", () => created - over.size <= patience || undefined, DEADLINE_MS);
      await Promise.all(burst.map((parts) => world.api.executions.create(aPlayedExecution(parts))));
      created += burst.length;
    }
    await world.until("every execution to end", () => over.size >= created || undefined, DEADLINE_MS);
  } finally {
    await acts?.stop();
    await Promise.all([fleet.calm(), database.calm()]);
  }
  await world.until("rest", () => isAtRest(world) || undefined, DEADLINE_MS);
  return acts?.tally() ?? NO_ACTS;
}

/** The uids of the executions that have ended or are gone, as they become so. */
function watchEnds({ stores }: World): ReadonlySet<string> {
  const over = new Set<string>();
  stores.executions.subscribe(({ before, after }) => {
    if (after === undefined || isTerminal(after.status?.phase)) over.add((after ?? before)?.metadata.uid ?? "");
  });
  return over;
}

function isSettled({ metadata, status }: WorkflowExecution): boolean {
  return isTerminal(status?.phase) && metadata.deletionTimestamp === undefined && allRecorded(status?.audit);
}

function isLeft({ spec }: TargetLock): boolean {
  return spec.state === "Free" && (spec.audit?.pending ?? []).length === 0;
}

/** Every execution that was deleted is gone, every target is free, nothing runs or waits, also for its record. */
function isAtRest({ stores }: World): boolean {
  return (
    stores.executions.list().every(isSettled) && stores.locks.list().every(isLeft) && stores.runs.list().every(isDone)
  );
}

function startController(world: World, { entry }: CampaignOptions): ReturnType<typeof startControllerUnderTest> {
  const { controllerKubeconfig: kubeconfig, postgres } = world;
  const databaseUrl = postgres.url;
  return startControllerUnderTest({
    ...{ kubeconfig, databaseUrl, settings: SETTINGS },
    ...(entry === undefined ? {} : { entry }),
  });
}
