import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Pool } from "pg";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { append } from "../../../pkg/audit/append.ts";
import { createFlusher } from "../../../pkg/audit/flusher.ts";
import type { Flusher, FlusherOptions } from "../../../pkg/audit/flusher.ts";
import { migrate } from "../../../pkg/audit/migrate.ts";
import { createPool } from "../../../pkg/audit/pool.ts";
import { readMigrations } from "../../../pkg/audit/read-migrations.ts";
import { rowHashAt } from "../../../pkg/audit/row-hash-at.ts";
import { verifyDatabase } from "../../../pkg/audit/verify/verify-database.ts";
import { anAuditedExecution, entries } from "../../support/audited-execution.ts";
import { createDatabase, databaseName } from "../../support/postgres-database.ts";
import type { TestDatabase } from "../../support/postgres-database.ts";
import { startPostgres } from "../../support/postgres.ts";
import type { PostgresServer } from "../../support/postgres.ts";
import { waitFor } from "../../cluster/wait.ts";
import { select } from "./migrated-database.ts";

function anExecution(number: number, last: number): WorkflowExecution {
  const uid = `uid-${String(number).padStart(4, "0")}`;
  return anAuditedExecution({ uid, name: uid, resourceVersion: String(last), audit: { pending: entries(1, last) } });
}

function executions(count: number, last: number): readonly WorkflowExecution[] {
  return Array.from({ length: count }, (_, number) => anExecution(number, last));
}

/** The execution once it has the receipt that a flusher has for it. */
function recordedOf(execution: WorkflowExecution, flusher: Flusher): WorkflowExecution {
  const { ordinal = 0, at = "", seq = 0, hash = "" } = flusher.receipt(execution.metadata.uid ?? "") ?? {};
  const { pending = [] } = execution.status?.audit ?? {};
  const recorded = pending.map((entry) => JSON.stringify(entry));
  const audit = { recorded, pending: [], acked: { ordinal, at }, seq, hash };
  return { ...execution, status: { phase: "Pending", audit } };
}

describe("the flusher and a real PostgreSQL", () => {
  let server: PostgresServer;
  let database: TestDatabase;
  let pool: Pool;
  let failures: unknown[];
  let idleErrors: number;
  const flushers: Flusher[] = [];
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.stop());
  beforeEach(async () => {
    database = await createDatabase(server.url);
    failures = [];
    idleErrors = 0;
    pool = createPool({ url: database.url, onIdleError: () => idleErrors++ });
  });
  afterEach(async () => {
    await Promise.all(flushers.splice(0).map((flusher) => flusher.stop(5_000)));
    await pool.end();
    await database.close();
  });

  function aFlusher(options: Partial<FlusherOptions> = {}): Flusher {
    const flusher = createFlusher({
      append: (rows) => append(pool, rows),
      hashAt: (seq) => rowHashAt(pool, seq),
      present: () => ({ executions: [], locks: [] }),
      prepare: async () => migrate(database.url, await readMigrations()),
      clusterId: "",
      now: Date.now,
      retryDelayMs: () => 20,
      batchSize: 10,
      hooks: { onFailure: ({ error }) => failures.push(error) },
      ...options,
    });
    flushers.push(flusher);
    return flusher;
  }

  function offerAll(flusher: Flusher, offered: readonly WorkflowExecution[]): void {
    for (const execution of offered) flusher.offer(execution);
  }

  async function untilEmpty(...waited: readonly Flusher[]): Promise<void> {
    await waitFor("everything to be recorded", 20_000, () => waited.every((each) => each.backlog().events === 0));
  }

  /** Every event of every execution is there once, and every execution's receipt is that of its last event. */
  async function assertRecorded(flusher: Flusher, count: number, last: number): Promise<void> {
    const rows = await select(
      database.url,
      `SELECT wfe_uid, array_agg(ordinal ORDER BY seq) AS ordinals, max(seq)::int AS seq,
        (array_agg(encode(row_hash, 'hex') ORDER BY seq DESC))[1] AS hash FROM audit.events GROUP BY 1 ORDER BY 1`,
    );
    const ordinals = Array.from({ length: last }, (_, index) => index + 1);
    const expected = executions(count, last).map(({ metadata: { uid = "" } }) => {
      const receipt = flusher.receipt(uid);
      assert.equal(receipt?.ordinal, last);
      return { wfe_uid: uid, ordinals, seq: receipt.seq, hash: receipt.hash };
    });
    assert.deepEqual(rows, expected);
  }

  it("prepares an empty database and records everything", async () => {
    const flusher = aFlusher();
    offerAll(flusher, executions(50, 3));
    await untilEmpty(flusher);
    await assertRecorded(flusher, 50, 3);
    assert.deepEqual(failures, []);
  });

  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    it(`loses nothing and doubles nothing when the server ends with ${signal} again and again while it writes`, async () => {
      let batches = 0;
      let third = Promise.withResolvers<undefined>();
      const flusher = aFlusher({
        batchSize: 2,
        hooks: {
          onFailure: ({ error }) => failures.push(error),
          onRecorded: () => {
            if (++batches % 3 === 0) third.resolve(undefined);
          },
        },
      });
      for (let round = 1; round <= 3; round++) {
        third = Promise.withResolvers();
        offerAll(flusher, executions(100, round * 2));
        await third.promise;
        const failed = failures.length;
        await server.halt(signal);
        // Surely something to send while the server is away, however far it had come.
        offerAll(flusher, executions(100, round * 2 + 1));
        await waitFor("a failure to be seen", 20_000, () => failures.length > failed);
        await server.resume();
      }
      await untilEmpty(flusher);
      await assertRecorded(flusher, 100, 7);
    });
  }

  it("doubles nothing when the answer to a commit is lost", async () => {
    let lost = 0;
    const flusher = aFlusher({
      append: (rows) =>
        append(pool, rows).then((outcomes) => {
          if (++lost % 2 === 1) throw new Error("connection lost");
          return outcomes;
        }),
    });
    offerAll(flusher, executions(30, 2));
    await untilEmpty(flusher);
    await assertRecorded(flusher, 30, 2);
    assert.equal(failures.length, lost / 2);
  });

  it("starts while the server is away", async () => {
    await server.halt("SIGINT");
    const flusher = aFlusher();
    offerAll(flusher, executions(5, 1));
    await waitFor("two failures", 20_000, () => failures.length >= 2);
    await server.resume();
    await untilEmpty(flusher);
    await assertRecorded(flusher, 5, 1);
  });

  it("survives that an idle connection breaks", async () => {
    const flusher = aFlusher();
    offerAll(flusher, executions(1, 1));
    await untilEmpty(flusher);
    await server.halt("SIGINT");
    await waitFor("the pool to notice", 20_000, () => idleErrors > 0);
    await server.resume();
    offerAll(flusher, executions(1, 2));
    await untilEmpty(flusher);
    await assertRecorded(flusher, 1, 2);
  });

  it("shares the work with others that have the same executions, and all get the same receipts", async () => {
    const both = [aFlusher({ batchSize: 7 }), aFlusher({ batchSize: 11 })] as const;
    offerAll(both[0], executions(100, 3));
    offerAll(both[1], executions(100, 3).toReversed());
    await untilEmpty(...both);
    await assertRecorded(both[0], 100, 3);
    await assertRecorded(both[1], 100, 3);
    assert.deepEqual(failures, []);
  });

  it("gives the same receipts when it starts anew without knowing what it had recorded", async () => {
    const first = aFlusher();
    offerAll(first, executions(20, 2));
    await untilEmpty(first);
    const second = aFlusher();
    offerAll(second, executions(20, 2));
    await untilEmpty(second);
    await assertRecorded(first, 20, 2);
    await assertRecorded(second, 20, 2);
  });

  it("lets an event that PostgreSQL doesn't take stop nobody else's", async () => {
    const refused: string[] = [];
    const flusher = aFlusher({
      hooks: { onRefused: ({ object, ordinal }) => refused.push(`${object.name} ${String(ordinal)}`) },
    });
    const [good] = entries(1, 1);
    assert(good);
    const bad = anAuditedExecution({ uid: "bad", name: "bad", audit: { pending: [{ ...good, at: "never" }] } });
    offerAll(flusher, [bad, ...executions(5, 2)]);
    await waitFor("everything but that event", 20_000, () => flusher.backlog().events === 1);
    await assertRecorded(flusher, 5, 2);
    assert.deepEqual([refused, flusher.backlog().refused], [["bad 1"], 1]);
  });

  it("records rationales that hold what PostgreSQL can't store", async () => {
    const flusher = aFlusher();
    const spec = { rationale: "\0 and \uD800" };
    offerAll(flusher, [anAuditedExecution({ spec, audit: { pending: entries(1, 1) } })]);
    await untilEmpty(flusher);
    assert.deepEqual(await select(database.url, "SELECT rationale FROM audit.events"), [
      { rationale: "\uFFFD and \uFFFD" },
    ]);
  });

  it("finds out that it writes to an older copy, and records there what executions still have", async () => {
    const first = aFlusher();
    offerAll(first, executions(5, 1));
    await untilEmpty(first);
    await first.stop(5_000);
    await pool.end();
    const copy = await createDatabase(server.url, databaseName(database.url));
    pool = createPool({ url: database.url, onIdleError: () => idleErrors++ });
    const second = aFlusher();
    offerAll(second, executions(8, 2));
    await untilEmpty(second);
    const present = executions(8, 2).map((execution) => recordedOf(execution, second));
    await pool.end();
    await database.close();
    // Where the database was, there is its copy from before.
    database = copy;
    const losses: unknown[] = [];
    pool = createPool({
      url: copy.url,
      onIdleError: () => idleErrors++,
      onConnect: () => {
        third.doubt();
      },
    });
    const third = aFlusher({
      present: () => ({ executions: present, locks: [] }),
      now: () => Date.now() + 60_000,
      hooks: { onLoss: (lost) => losses.push(lost), onFailure: ({ error }) => failures.push(error) },
    });
    offerAll(third, present);
    await waitFor("the loss", 20_000, () => losses.length > 0);
    await untilEmpty(third);
    const trail = await select(copy.url, "SELECT wfe_name, facts FROM audit.events WHERE event_type = 'chain.fork'");
    assert.deepEqual(trail, [
      { wfe_name: "audit", facts: { lostSeq: "16", lostHash: present.at(-1)?.status?.audit?.hash } },
    ]);
    assert.equal(losses.length, 1);
    const anchors = present.flatMap(({ metadata, status }) => {
      const { seq = 0, hash = "" } = third.receipt(metadata.uid ?? "") ?? status?.audit ?? {};
      return [{ seq, hash }];
    });
    const verdict = await verifyDatabase(copy.url, { anchors });
    assert.deepEqual([verdict.problem, verdict.rows], [undefined, 17]);
    assert.deepEqual(failures, []);
  });
});
