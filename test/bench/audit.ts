/**
 * How fast events are recorded and a trail is verified, on a real PostgreSQL that writes every commit to the disk. It prints
 * and judges nothing: the figures depend on the machine.
 *
 *   node test/bench/audit.ts [--events NUMBER] [--rows NUMBER]
 *
 *   --events NUMBER  are recorded by the flusher, from outboxes of 4 events; default 20000
 *   --rows NUMBER    are verified; the trail is filled up to there, which takes a while; default: those events
 */
import { parseArgs } from "node:util";
import type { Pool } from "pg";
import { append } from "../../pkg/audit/append.ts";
import { auditedExecution } from "../../pkg/audit/audited-execution.ts";
import { buildEventRow } from "../../pkg/audit/event-row.ts";
import { createFlusher } from "../../pkg/audit/flusher.ts";
import { migrate } from "../../pkg/audit/migrate.ts";
import { createPool } from "../../pkg/audit/pool.ts";
import { readMigrations } from "../../pkg/audit/read-migrations.ts";
import { rowHashAt } from "../../pkg/audit/row-hash-at.ts";
import { verifyDatabase } from "../../pkg/audit/verify/verify-database.ts";
import { waitFor } from "../cluster/wait.ts";
import { anAuditedExecution, anEntry } from "../support/audited-execution.ts";
import { startPostgres } from "../support/postgres.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";

const NAMES = ["requested", "starting", "started", "completed"] as const;
const MEGABYTE = 2 ** 20;

const { values } = parseArgs({ options: { events: { type: "string" }, rows: { type: "string" } } });
const events = Number(values.events ?? 20_000);
const rows = Math.max(events, Number(values.rows ?? 0));

const server = await startPostgres({ durable: true });
const pool = createPool({ url: server.url, onIdleError: () => undefined });
try {
  await migrate(server.url, await readMigrations());
  await benchFlusher(pool, events);
  await fillUp(pool, events, rows);
  await benchVerify(server.url);
} finally {
  await pool.end();
  await server.stop();
}

async function benchFlusher(database: Pool, count: number): Promise<void> {
  const executions = Array.from({ length: count / NAMES.length }, (_, number) => anExecution(number));
  const flusher = createFlusher({
    clusterId: "bench",
    append: (sent) => append(database, sent),
    hashAt: (seq) => rowHashAt(database, seq),
    present: () => ({ executions, locks: [] }),
    now: Date.now,
    retryDelayMs: () => 100,
  });
  const began = performance.now();
  for (const execution of executions) flusher.offer(execution);
  await waitFor("everything to be recorded", 600_000, () => flusher.backlog().events === 0);
  report("recorded by the flusher", count, began);
  await flusher.stop(0);
}

/** Four connections at once: what a busy month is. */
async function fillUp(database: Pool, from: number, to: number): Promise<void> {
  const began = performance.now();
  let next = from / NAMES.length;
  async function fill(): Promise<void> {
    while (next < to / NAMES.length) {
      const first = next;
      next += 100;
      const batch = Array.from({ length: 100 }, (_, index) => anExecution(first + index));
      await append(
        database,
        batch.flatMap((execution) =>
          (execution.status?.audit?.pending ?? []).map((entry) =>
            buildEventRow(auditedExecution(execution), entry, { clusterId: "bench" }),
          ),
        ),
      );
    }
  }
  await Promise.all([fill(), fill(), fill()]);
  if (to > from) report("recorded by three at once, 400 in a batch", to - from, began);
}

async function benchVerify(url: string): Promise<void> {
  let most = 0;
  let early = 0;
  const began = performance.now();
  const verdict = await verifyDatabase(url, {
    onProgress: (done) => {
      const { rss } = process.memoryUsage();
      most = Math.max(most, rss);
      if (done <= 10_000) early = rss;
    },
  });
  report("verified", verdict.rows, began);
  console.log(`verdict: ${verdict.problem === undefined ? "right" : verdict.problem.detail}`);
  const [first, peak] = [early, most].map((bytes) => (bytes / MEGABYTE).toFixed(0));
  console.log(`memory after 10000 rows ${String(first)} MB, most ${String(peak)} MB`);
}

function report(what: string, count: number, began: number): void {
  const seconds = (performance.now() - began) / 1000;
  console.log(`${String(count)} ${what} in ${seconds.toFixed(1)} s: ${(count / seconds).toFixed(0)}/s`);
}

function anExecution(number: number): WorkflowExecution {
  const uid = `bench-${String(number)}`;
  const facts = {
    ...{ targetResource: "payment/deployments.apps/checkout", runNamespace: "kubernaut-workflows", lockEpoch: "4" },
    ...{ runName: `restart-checkout-${String(number)}`, runUid: uid, serviceAccount: "runner" },
    ...{ startTime: "2026-03-01T10:00:02Z", createdAt: "2026-03-01T09:59:58Z" },
  };
  const pending = NAMES.map((name, index) => anEntry(index + 1, name, { facts, reason: "AsPlanned" }));
  const parameters = { TARGET_RESOURCE_NAME: "checkout", REPLICAS: "3" };
  const spec = { rationale: "the container was killed for its memory", confidence: 0.93, parameters };
  return anAuditedExecution({ uid, name: uid, spec, audit: { pending } });
}
