import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { append } from "../../../pkg/audit/append.ts";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import { auditedLock } from "../../../pkg/audit/audited-lock.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
import { lastDropped, recordedEvents, recordedEventsOf } from "../../../pkg/audit/completeness/read-recorded-events.ts";
import { anAuditedExecution, anEntry, entries } from "../../support/audited-execution.ts";
import { aClearing, anAuditedLock } from "../../support/audited-lock.ts";
import { openMigratedServer } from "./migrated-database.ts";
import type { MigratedServer, OpenDatabase } from "./migrated-database.ts";

describe("reading what is recorded of each object", () => {
  let server: MigratedServer;
  let database: OpenDatabase;
  before(async () => {
    server = await openMigratedServer();
    database = await server.open();
    const uids = ["c", "a", "b"];
    const rows = uids.flatMap((uid, index) =>
      entries(1, 3).map((entry) =>
        buildEventRow(auditedExecution(anAuditedExecution({ uid })), entry, { clusterId: `cluster-${String(index)}` }),
      ),
    );
    await append(database.pool, rows);
    await append(database.pool, [
      buildEventRow(auditedLock(anAuditedLock({ uid: "l" })), aClearing(1), { clusterId: "" }),
    ]);
    // An event of the trail itself.
    await database.pool.query("SELECT audit.place_hold('2026-01-01', '2026-02-01', 'case 7')");
  });
  after(async () => {
    await database.close();
    await server.close();
  });

  async function read(pageRows: number, clusterId?: string): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const { uid, ordinal } of recordedEvents(database.pool, clusterId, pageRows)) {
      found.push(`${uid}${String(ordinal)}`);
    }
    return found;
  }

  const all = ["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3", "l1"];
  for (const pageRows of [1, 2, 3, 10, 11]) {
    it(`gives each event once, by object and number, in pages of ${String(pageRows)}`, async () => {
      assert.deepEqual(await read(pageRows), all);
    });
  }
  it("gives those of one cluster alone", async () => {
    assert.deepEqual(await read(2, "cluster-1"), ["a1", "a2", "a3"]);
  });
  it("gives both of two events that have one number, also across pages", async () => {
    const { pool } = database;
    await pool.query("DROP SCHEMA audit_guard CASCADE");
    await pool.query("ALTER TABLE audit.events DISABLE TRIGGER USER");
    await pool.query("ALTER TABLE audit.keys DISABLE TRIGGER USER");
    const execution = auditedExecution(anAuditedExecution({ uid: "d" }));
    await append(
      pool,
      [1, 2].map((ordinal) => buildEventRow(execution, anEntry(ordinal), { clusterId: "" })),
    );
    await pool.query("UPDATE audit.events SET ordinal = 1 WHERE wfe_uid = 'd'");
    assert.deepEqual(
      (await read(1)).filter((event) => event.startsWith("d")),
      ["d1", "d1"],
    );
    assert.equal((await recordedEventsOf(pool, "d")).length, 2);
  });
  it("gives what a row says, with numbers as numbers", async () => {
    const [first] = await recordedEventsOf(database.pool, "a");
    const { hash, ...rest } = first ?? { hash: "" };
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.deepEqual(rest, {
      uid: "a",
      ordinal: 1,
      type: "workflowexecution.workflow.requested",
      seq: 1,
      namespace: "remediation",
      name: "restart-checkout",
      runUid: null,
      clusterId: "cluster-1",
    });
  });
  it("knows that nothing was dropped", async () => {
    assert.equal(await lastDropped(database.pool), 0);
  });
});
