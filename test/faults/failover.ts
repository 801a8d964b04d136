/**
 * One failover: executions are recorded; a copy of PostgreSQL is left behind; more are recorded, whose receipts are in
 * their statuses; PostgreSQL crashes, and the copy takes its place.
 */
import { rm } from "node:fs/promises";
import type { Anchor } from "../../pkg/audit/verify/trail-check.ts";
import { verifyDatabase } from "../../pkg/audit/verify/verify-database.ts";
import { allRecorded } from "../../pkg/execution/outbox.ts";
import { isTerminal } from "../../pkg/execution/conditions.ts";
import { waitFor } from "../cluster/wait.ts";
import { startControllerUnderTest, type ControllerUnderTest } from "../support/controller-under-test.ts";
import { aPlayedExecution, startWorld, type World } from "../support/controller-world.ts";
import { copyPostgres, replacePostgresData } from "../support/postgres-data.ts";
import { startStandby } from "../support/postgres-standby.ts";
import { outboxesIn } from "./outbox-history.ts";
import { readHistory } from "./read-history.ts";
import { readOwnEvents, readTrail, type RecordedEvent } from "./read-trail.ts";
import { compareTrail } from "./trail-of-history.ts";

export interface FailoverOptions {
  /** What takes PostgreSQL's place: a standby that was cut off, or data that were copied earlier. */
  readonly copy: "standby" | "cold";
  /** Whether the controller sees the failover, or is killed with PostgreSQL and knows only what the cluster tells it. */
  readonly controller: "alive" | "restarted";
  /** Whether another execution comes after the failover, or nothing that would have to be recorded. */
  readonly next: "work" | "nothing";
}

export interface FailoverReport {
  /** The rows that had been acknowledged when PostgreSQL crashed, and that its copy doesn't have. */
  readonly lost: readonly RecordedEvent[];
  readonly forks: readonly RecordedEvent[];
  /** What is wrong afterwards, in words. */
  readonly problems: readonly string[];
}

/** How many executions end before the copy is left behind, and after it. */
const BEFORE = 5;
const AFTER = 10;
const DEADLINE_MS = 60_000;

/** Runs it, and waits until the trail is whole again; what is wrong even then is in the report. */
export async function runFailover(options: FailoverOptions): Promise<FailoverReport> {
  const world = await startWorld({ keepsHistory: true, durable: true });
  const controllers: ControllerUnderTest[] = [];
  try {
    const copy = await COPIES[options.copy](world);
    controllers.push(await startController(world));
    await record(world, "before", BEFORE);
    await copy.leaveBehind();
    const copied = new Set((await readTrail(world.postgres.url)).map(({ eventId }) => eventId));
    await record(world, "after", AFTER);
    // Read before the failover: a controller that works on sends it again at once.
    const lost = (await readTrail(world.postgres.url)).filter(({ eventId }) => !copied.has(eventId));
    await world.postgres.halt("SIGQUIT");
    if (options.controller === "restarted") await controllers.pop()?.stop("SIGKILL");
    await copy.takeOver();
    if (options.controller === "restarted") controllers.push(await startController(world));
    if (options.next === "work") await create(world, "next");
    return await judge(world, lost);
  } finally {
    await Promise.all(controllers.map((controller) => controller.stop()));
    await world.stop();
  }
}

/** What will take PostgreSQL's place. */
interface Copy {
  /** From now on it misses what is recorded. */
  leaveBehind(): Promise<void>;
  takeOver(): Promise<void>;
}

const COPIES: Readonly<Record<FailoverOptions["copy"], (world: World) => Promise<Copy>>> = {
  async standby({ postgres }) {
    const standby = await startStandby(postgres);
    return {
      async leaveBehind() {
        await standby.caughtUp();
        await standby.cutOff();
      },
      async takeOver() {
        await standby.takeOver();
        await standby.stop();
      },
    };
  },
  cold({ postgres }) {
    const folder = `${postgres.folder}-copy`;
    return Promise.resolve({
      leaveBehind: () => copyPostgres(postgres, folder),
      async takeOver() {
        await replacePostgresData(postgres, folder);
        await rm(folder, { recursive: true });
        await postgres.resume();
      },
    });
  },
};

function startController({ controllerKubeconfig: kubeconfig, postgres }: World): Promise<ControllerUnderTest> {
  return startControllerUnderTest({ kubeconfig, databaseUrl: postgres.url });
}

async function create({ api }: World, name: string): Promise<void> {
  await api.executions.create(aPlayedExecution({ name, target: `payment/deployment/${name}` }));
}

/** Lets executions run to their end; resolves when all their events are acknowledged. */
async function record(world: World, prefix: string, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, number) => `${prefix}-${String(number)}`);
  await Promise.all(names.map((name) => create(world, name)));
  const { stores } = world;
  await world.until(`the executions ${prefix} to be recorded`, () => areRecorded(stores, count, prefix), DEADLINE_MS);
}

function areRecorded({ executions }: World["stores"], count: number, prefix: string): true | undefined {
  const own = executions.list().filter(({ metadata }) => metadata.name.startsWith(prefix));
  return (
    (own.length === count && own.every(({ status }) => isTerminal(status?.phase) && allRecorded(status?.audit))) ||
    undefined
  );
}

async function judge(world: World, lost: readonly RecordedEvent[]): Promise<FailoverReport> {
  const { url } = world.postgres;
  let problems = ["nothing was looked at"];
  await waitFor("the trail to be whole again", DEADLINE_MS, async () => {
    problems = await problemsOf(world);
    return problems.length === 0;
  }).catch((error: unknown) => {
    problems.push(String(error));
  });
  return { lost, forks: await readOwnEvents(url, "chain.fork"), problems };
}

async function problemsOf({ cluster, postgres, stores }: World): Promise<string[]> {
  const { events, problems } = outboxesIn(await readHistory(cluster.etcd));
  const { problem } = await verifyDatabase(postgres.url, { anchors: receiptsOf(stores) });
  return [
    ...problems,
    ...compareTrail(events, await readTrail(postgres.url)),
    ...(problem === undefined ? [] : [`verification: ${problem.detail}`]),
  ];
}

/** What the present statuses say of their place in the trail. */
function receiptsOf({ executions }: World["stores"]): readonly Anchor[] {
  return executions.list().flatMap(({ status }) => {
    const { seq, hash } = status?.audit ?? {};
    return seq === undefined || hash === undefined ? [] : [{ seq, hash }];
  });
}
