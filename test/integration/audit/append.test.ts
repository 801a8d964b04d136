import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Pool } from "pg";
import { append } from "../../../pkg/audit/append.ts";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import type { EventContent, EventRow } from "../../../pkg/audit/event-content.ts";
import { contentHash } from "../../../pkg/audit/content-hash.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
import { anAuditedExecution, anEntry } from "../../support/audited-execution.ts";
import type { TestDatabase } from "../../support/postgres-database.ts";
import { openMigratedServer } from "./migrated-database.ts";
import type { MigratedServer } from "./migrated-database.ts";

const context = { clusterId: "eu-1" };

function aRow(uid: string, ordinal: number, name = "requested", parts: Parameters<typeof anEntry>[2] = {}): EventRow {
  return buildEventRow(auditedExecution(anAuditedExecution({ uid })), anEntry(ordinal, name, parts), context);
}

describe("appending events", () => {
  let server: MigratedServer;
  let database: TestDatabase & { readonly pool: Pool };
  before(async () => {
    server = await openMigratedServer();
  });
  after(() => server.close());
  beforeEach(async () => {
    database = await server.open();
  });
  afterEach(() => database.close());

  async function count(): Promise<number> {
    return (await database.pool.query("SELECT FROM audit.events")).rowCount ?? 0;
  }

  async function hashOf(seq: number): Promise<unknown> {
    const select = "SELECT encode(row_hash, 'hex') AS hash FROM audit.events WHERE seq = $1";
    return (await database.pool.query<{ hash: string }>(select, [seq])).rows[0]?.hash;
  }

  it("gives each a place in the trail, those of one execution in their order", async () => {
    const rows = [aRow("b", 1), aRow("a", 2, "started"), aRow("a", 1)];
    const outcomes = await append(database.pool, rows);
    assert.deepEqual(
      rows.map((row) => outcomes.get(row.event_id)),
      await Promise.all([3, 2, 1].map(async (seq) => ({ kind: "recorded", seq, hash: await hashOf(seq) }))),
    );
  });

  it("gives the same receipts for the same events, alone or among new ones, and uses up no numbers", async () => {
    const first = await append(database.pool, [aRow("a", 1)]);
    assert.deepEqual(await append(database.pool, [aRow("a", 1)]), first);
    const more = await append(database.pool, [aRow("a", 1), aRow("a", 2)]);
    assert.deepEqual(more.get(aRow("a", 1).event_id), first.get(aRow("a", 1).event_id));
    assert.deepEqual(more.get(aRow("a", 2).event_id), { kind: "recorded", seq: 2, hash: await hashOf(2) });
    assert.equal(await count(), 2);
  });

  it("takes an event twice in one batch for one", async () => {
    await append(database.pool, [aRow("a", 1), aRow("a", 1)]);
    assert.equal(await count(), 1);
  });

  it("refuses other content under the same id, records the rest, and changes nothing", async () => {
    await append(database.pool, [aRow("a", 1)]);
    const changed = aRow("a", 1, "requested", { reason: "Changed" });
    const outcomes = await append(database.pool, [changed, aRow("b", 1)]);
    assert.deepEqual(outcomes.get(changed.event_id), {
      kind: "refused",
      reason: "recorded with other content as number 1 of the trail",
    });
    assert.equal(outcomes.get(aRow("b", 1).event_id)?.kind, "recorded");
    const { rows } = await database.pool.query("SELECT reason FROM audit.events WHERE wfe_uid = 'a'");
    assert.deepEqual(rows, [{ reason: null }]);
  });

  it("refuses another event with the number of one that is recorded", async () => {
    await append(database.pool, [aRow("a", 1)]);
    const other = aRow("a", 1, "skipped");
    const reason = "another event of its object has its ordinal, as number 1 of the trail";
    assert.deepEqual(await append(database.pool, [other]), new Map([[other.event_id, { kind: "refused", reason }]]));
    assert.equal(await count(), 1);
  });

  it("gives receipts for events that another transaction commits while this one waits for it", async () => {
    const other = await database.pool.connect();
    await other.query("BEGIN");
    const first = await append(other, [aRow("a", 1), aRow("b", 1)]);
    const waiting = append(database.pool, [aRow("b", 1), aRow("a", 1)]);
    await untilBlocked(database.pool);
    await other.query("COMMIT");
    other.release();
    assert.deepEqual(await waiting, first);
    assert.equal(await count(), 2);
  });

  it("never deadlocks where many send the same events in different orders and batches", async () => {
    const rows = ["a", "b", "c", "d", "e"].flatMap((uid) => [1, 2, 3].map((ordinal) => aRow(uid, ordinal)));
    for (let round = 0; round < 20; round++) {
      const fresh = rows.map((row) => aRow(`${row.wfe_uid}${String(round)}`, row.ordinal));
      const outcomes = await Promise.all([
        append(database.pool, fresh),
        append(database.pool, fresh.toReversed()),
        append(database.pool, fresh.slice(5)),
        append(database.pool, fresh.filter((_, index) => index % 2 === 0).reverse()),
      ]);
      for (const outcome of outcomes.flatMap((each) => [...each.values()])) assert.equal(outcome.kind, "recorded");
    }
    assert.equal(await count(), 20 * rows.length);
  });

  it("stores what it was given: the content hash of a row can be recomputed from the table", async () => {
    const execution = anAuditedExecution({
      spec: {
        rationale: 'quoted "é\u2028\\ text',
        confidence: 0.1 + 0.2,
        parameters: { Z: "secret", TARGET_RESOURCE_NAME: "checkout" },
      },
    });
    const facts = {
      z: "\u0001",
      a: "1.0",
      startTime: "2026-03-01T10:00:01.234Z",
      ä: "",
      actorGroups: '["a b","\\"c,"]',
    };
    const row = buildEventRow(auditedExecution(execution), anEntry(1, "completed", { facts }), context);
    await append(database.pool, [row]);
    const { rows } = await database.pool.query<Record<string, unknown>>("SELECT * FROM audit.events");
    const [stored] = rows;
    const content = Object.fromEntries(
      Object.entries(stored ?? {}).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
    );
    const hash = contentHash(content as unknown as EventContent);
    assert.equal((stored?.["content_hash"] as Buffer).toString("hex"), hash);
    assert.deepEqual(content["actor_groups"], row.actor_groups);
  });

  it("says in an error what PostgreSQL refused", async () => {
    await assert.rejects(append(database.pool, [{ ...aRow("a", 1), occurred_at: "yesterday evening" }]), {
      code: /^22/,
    });
  });
});

/** Resolves when a session waits for another one's transaction. */
async function untilBlocked(pool: Pool): Promise<void> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const { rowCount } = await pool.query("SELECT FROM pg_locks WHERE NOT granted");
    if (rowCount !== 0) return;
    if (Date.now() > deadline) throw new Error("nobody waits for a lock");
  }
}
