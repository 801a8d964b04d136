import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import { Client } from "pg";
import { append } from "../../../pkg/audit/append.ts";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import type { EventRow } from "../../../pkg/audit/event-content.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
import { grantRole } from "../../../pkg/audit/grant-role.ts";
import { pageOfRows } from "../../../pkg/audit/verify/read-rows.ts";
import { rowText } from "../../../pkg/audit/verify/trail-row.ts";
import { verifyDatabase } from "../../../pkg/audit/verify/verify-database.ts";
import { verifyTrail } from "../../../pkg/audit/verify/verify-trail.ts";
import { anAuditedExecution, anEntry } from "../../support/audited-execution.ts";
import { openMigratedServer, select } from "./migrated-database.ts";
import type { MigratedServer, OpenDatabase } from "./migrated-database.ts";

function rowsOf(count: number): readonly EventRow[] {
  return Array.from({ length: count }, (_, index) =>
    buildEventRow(auditedExecution(anAuditedExecution({ uid: `uid-${String(index)}` })), anEntry(1), { clusterId: "" }),
  );
}

const text = fc.string({ unit: "binary", maxLength: 40 });
const moment = fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });

/** Events with everything in their columns that Kubernetes accepts. */
const anyEvent = fc.record({
  uid: fc.uuid(),
  ordinal: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  rationale: fc.option(text, { nil: "" }),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  facts: fc.dictionary(text, text, { maxKeys: 4 }),
  groups: fc.array(text, { maxLength: 3 }),
  reason: fc.option(text),
  at: moment,
});

describe("verifying the audit trail", () => {
  let server: MigratedServer;
  let database: OpenDatabase;
  let client: Client;
  before(async () => {
    server = await openMigratedServer();
  });
  after(() => server.close());
  beforeEach(async () => {
    database = await server.open();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterEach(async () => {
    await client.end();
    await database.close();
  });

  it("finds a trail without rows right", async () => {
    const verdict = await verifyDatabase(database.url);
    assert.deepEqual([verdict.problem, verdict.rows, verdict.last.seq], [undefined, 0, 0]);
  });

  it("writes every row as the database does, whatever is in it and however the session is set", async () => {
    const settings =
      "SET timezone TO 'Asia/Kathmandu'; SET datestyle TO 'German'; SET extra_float_digits TO -3; SET bytea_output TO 'escape'; SET intervalstyle TO 'sql_standard'";
    await client.query(settings);
    const property = fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 20 }), async (events) => {
      const rows = events.map(({ uid, ordinal, facts, groups, reason, at, ...spec }) =>
        buildEventRow(
          auditedExecution(anAuditedExecution({ uid, spec })),
          anEntry(ordinal, "started", {
            at: at.toISOString(),
            facts: { ...facts, actorGroups: JSON.stringify(groups) },
            ...(reason === null ? {} : { reason }),
          }),
          { clusterId: "" },
        ),
      );
      await append(database.pool, rows);
    });
    await fc.assert(property, { numRuns: 20 });
    const { rows: stored } = await client.query<{ text: string }>(
      "SELECT audit.row_text(e) AS text FROM audit.events AS e ORDER BY seq",
    );
    const read = await pageOfRows(client, 1, 1_000);
    assert.ok(read.length > 20);
    assert.deepEqual(
      read.map(({ values }) => rowText(values)),
      stored.map((row) => row.text),
    );
    assert.equal((await verifyTrail(client)).problem, undefined);
  });

  for (const pageRows of [1, 2, 7, 10, 100]) {
    it(`reads ${String(pageRows)} rows at a time and misses none, also no second one with a number`, async () => {
      await append(database.pool, rowsOf(10));
      const right = await verifyTrail(client, { pageRows });
      assert.deepEqual([right.problem, right.rows], [undefined, 10]);
      await unprotect();
      for (let seq = 1; seq <= 10; seq++) {
        await client.query("BEGIN");
        await client.query(
          `INSERT INTO audit.events SELECT (jsonb_populate_record(e, jsonb_build_object('recorded_at', recorded_at + interval '1 us'))).*
           FROM audit.events AS e WHERE seq = $1`,
          [seq],
        );
        const { problem } = await verifyTrail(client, { pageRows });
        await client.query("ROLLBACK");
        assert.ok(
          problem?.kind === "duplicate" || problem?.kind === "row-hash",
          `${String(seq)}: ${String(problem?.kind)}`,
        );
      }
    });
  }

  it("begins behind a place that is known to be right", async () => {
    await append(database.pool, rowsOf(10));
    const { last } = await verifyTrail(client);
    await append(database.pool, [buildEventRow(auditedExecution(anAuditedExecution()), anEntry(2), { clusterId: "" })]);
    const later = await verifyTrail(client, { from: last });
    assert.deepEqual([later.problem, later.rows, later.last.seq], [undefined, 1, 11]);
    const wrong = await verifyTrail(client, { from: { ...last, hash: "00".repeat(32) } });
    assert.deepEqual([wrong.problem?.kind, wrong.problem?.seq], ["chain", 11]);
  });

  it("compares receipts and checkpoints with the rows, and the origin with the trail's", async () => {
    const outcomes = [...(await append(database.pool, rowsOf(5))).values()];
    const anchors = outcomes.flatMap((outcome) => (outcome.kind === "recorded" ? [outcome] : []));
    const [checkpoint] = await select(
      database.url,
      "SELECT origin, seq::int, encode(row_hash, 'hex') AS hash, timeline FROM audit.checkpoint()",
    );
    const { origin, last, problem } = await verifyDatabase(database.url, { anchors });
    assert.equal(problem, undefined);
    assert.deepEqual(checkpoint, { origin, ...last, timeline: "00000001" });
    const forged = await verifyDatabase(database.url, { anchors: [{ seq: 3, hash: "00" }] });
    assert.deepEqual([forged.problem?.kind, forged.problem?.seq], ["anchor", 3]);
    const other = await verifyDatabase(database.url, { origin: "another" });
    assert.equal(other.problem?.kind, "origin");
  });

  it("sees one moment while others append, and can be done by whoever may read", async () => {
    await append(database.pool, rowsOf(300));
    await select(database.url, "CREATE ROLE auditor_of_test LOGIN PASSWORD 'p'");
    await grantRole(database.url, "audit_reader", "auditor_of_test");
    const auditor = new URL(database.url);
    auditor.username = "auditor_of_test";
    auditor.password = "p";
    const appending: Promise<unknown>[] = [];
    const verdict = await verifyDatabase(auditor.href, {
      pageRows: 50,
      onProgress: (rows) => {
        const uid = `later-${String(rows)}`;
        const row = buildEventRow(auditedExecution(anAuditedExecution({ uid })), anEntry(1), { clusterId: "" });
        appending.push(append(database.pool, [row]));
      },
    });
    await Promise.all(appending);
    await select(database.url, "DROP ROLE auditor_of_test");
    assert.deepEqual([verdict.problem, verdict.rows], [undefined, 300]);
    assert.ok((await verifyDatabase(database.url)).rows > 300);
  });

  async function unprotect(): Promise<void> {
    await client.query("DROP SCHEMA audit_guard CASCADE; DROP FUNCTION audit.refuse_change() CASCADE");
  }
});
