/** What it means for executions that PostgreSQL is down, and how fast the backlog is recorded when it is back. */
import { isTerminal } from "../../pkg/execution/conditions.ts";
import { allRecorded } from "../../pkg/execution/outbox.ts";
import { waitFor } from "../cluster/wait.ts";
import { select } from "../integration/audit/migrated-database.ts";
import type { World } from "../support/controller-world.ts";
import type { Load, LoadRun } from "./load.ts";
import { DOWN, successFigures, UP, type SuccessFigures } from "./success-load.ts";

export interface OutageFigures {
  readonly up: SuccessFigures;
  readonly down: SuccessFigures;
  /** What waited in the outboxes when PostgreSQL came back. */
  readonly backlog: number;
  /** Of the backlog, from its first transaction to its last. */
  readonly eventsPerSecond: number;
}

/** It may be some of the flusher's waits until it tries again. */
const DEADLINE_MS = 300_000;

/** Runs the same load twice, with PostgreSQL and without, then brings it back. */
export async function measureOutage(
  { postgres, stores }: World,
  run: (load: Load) => Promise<LoadRun>,
): Promise<OutageFigures> {
  const up = successFigures(UP, await run(UP));
  await waitUntilRecorded(stores);
  const before = await lastRow(postgres.url);
  await postgres.halt("SIGQUIT");
  const down = await run(DOWN).finally(() => postgres.resume());
  await waitUntilRecorded(stores);
  return { up, down: successFigures(DOWN, down), ...(await speedAfter(postgres.url, before)) };
}

/** One that goes on learns of its receipt with its next change, so only those that have ended say it. */
async function waitUntilRecorded({ executions }: World["stores"]): Promise<void> {
  await waitFor("everything to be recorded", DEADLINE_MS, () =>
    executions.list().every(({ status }) => !isTerminal(status?.phase) || allRecorded(status?.audit)),
  );
}

async function lastRow(url: string): Promise<number> {
  const [row] = await select(url, "SELECT coalesce(max(seq), 0)::int AS seq FROM audit.events");
  return Number(row?.["seq"]);
}

/** A transaction's rows have the time of its beginning, so those of the last one don't count. */
async function speedAfter(url: string, seq: number): Promise<Pick<OutageFigures, "backlog" | "eventsPerSecond">> {
  const [row] = await select(
    url,
    `SELECT count(*)::int AS backlog,
            (count(*) FILTER (WHERE recorded_at < last) / extract(epoch FROM last - first))::float AS speed
       FROM (SELECT recorded_at, min(recorded_at) OVER () AS first, max(recorded_at) OVER () AS last
               FROM audit.events WHERE seq > ${String(seq)}) AS rows
      GROUP BY first, last`,
  );
  return { backlog: Number(row?.["backlog"]), eventsPerSecond: Number(row?.["speed"]) };
}
