import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { Client } from "pg";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
import { verifyDatabase } from "../../../pkg/audit/verify/verify-database.ts";
import { anAuditedExecution, anEntry } from "../../support/audited-execution.ts";
import type { TestDatabase } from "../../support/postgres-database.ts";
import { actingAs, openMigratedServer, select } from "./migrated-database.ts";
import type { MigratedServer } from "./migrated-database.ts";

type Row = Readonly<Record<string, unknown>>;

describe("the partitions of the audit trail", () => {
  let server: MigratedServer;
  let database: TestDatabase;
  let keeper: Client;
  let ordinal: number;
  before(async () => {
    server = await openMigratedServer();
  });
  after(() => server.close());
  beforeEach(async () => {
    database = await server.open();
    keeper = await connect();
    ordinal = 0;
  });
  afterEach(async () => {
    await keeper.end();
    await database.close();
  });

  /** A session that may call the functions that take a moment instead of the clock's. */
  async function connect(settings: Readonly<Record<string, string>> = {}): Promise<Client> {
    const client = new Client({ connectionString: actingAs(database.url, "audit_keeper", settings) });
    await client.connect();
    return client;
  }

  /** Records so many events at a moment, by PostgreSQL's clock. */
  async function appendAt(moment: string, count = 1, session = keeper): Promise<readonly Row[]> {
    const rows = Array.from({ length: count }, () => {
      ordinal += 1;
      const row = buildEventRow(auditedExecution(anAuditedExecution()), anEntry(ordinal), { clusterId: "" });
      return JSON.stringify({ ...row, content_hash: `\\x${row.content_hash}` });
    });
    return (await session.query<Row>("SELECT * FROM audit.append_at($1::jsonb[], $2)", [rows, moment])).rows;
  }

  async function partitions(): Promise<readonly string[]> {
    const rows = await select(database.url, "SELECT * FROM audit.partitions ORDER BY name");
    return rows.map((row) => {
      const { name, first_seq: first, last_seq: last, dropped_by_seq: by } = row as Record<string, string | null>;
      return `${name ?? ""} ${last === null ? "open" : `${first ?? ""}-${last ?? ""}`}${by === null ? "" : " dropped"}`;
    });
  }

  async function drop(name: string, moment: string): Promise<unknown> {
    return keeper.query("SELECT audit.drop_partition_at($1, $2)", [name, moment]);
  }

  async function assertRight(rows: number): Promise<void> {
    const verdict = await verifyDatabase(database.url);
    assert.deepEqual([verdict.problem, verdict.rows], [undefined, rows]);
  }

  it("are made for the month of an event and the next one", async () => {
    await appendAt("2026-12-31T23:59:59.999999Z");
    assert.deepEqual(await partitions(), ["events_202612 open", "events_202701 open"]);
    await appendAt("2027-01-01T00:00:00Z");
    assert.deepEqual(await partitions(), ["events_202612 1-1", "events_202701 open", "events_202702 open"]);
    const where = await select(
      database.url,
      "SELECT seq::int, tableoid::regclass::text AS part FROM audit.events ORDER BY 1",
    );
    assert.deepEqual(where, [
      { seq: 1, part: "audit.events_202612" },
      { seq: 2, part: "audit.events_202701" },
    ]);
    await assertRight(2);
  });

  it("are of UTC months, whatever the time zone of a session", async () => {
    const elsewhere = await connect({ timezone: "Pacific/Kiritimati" });
    await appendAt("2026-12-31T23:00:00Z", 1, elsewhere).finally(() => elsewhere.end());
    assert.deepEqual(await partitions(), ["events_202612 open", "events_202701 open"]);
    await appendAt("2026-12-31T23:30:00Z");
    await assertRight(2);
  });

  it("are sealed with nothing in them where nothing happened for months", async () => {
    await appendAt("2026-01-10T00:00:00Z", 3);
    await appendAt("2026-06-10T00:00:00Z", 2);
    assert.deepEqual(await partitions(), [
      "events_202601 1-3",
      "events_202602 4-3",
      "events_202606 open",
      "events_202607 open",
    ]);
    await assertRight(5);
  });

  it("get no row any more once they are sealed, whatever the clock does", async () => {
    await appendAt("2026-01-31T00:00:00Z");
    await appendAt("2026-02-01T00:00:00Z", 0);
    await appendAt("2026-01-31T12:00:00Z");
    await appendAt("2026-02-03T00:00:00Z");
    await appendAt("2026-02-02T00:00:00Z");
    const times = await select(database.url, "SELECT recorded_at FROM audit.events ORDER BY seq");
    assert.deepEqual(
      times.map(({ recorded_at: at }) => (at as Date).toISOString().slice(0, 10)),
      ["2026-01-31", "2026-02-01", "2026-02-03", "2026-02-03"],
    );
    await assertRight(4);
  });

  it("are made and sealed once by many who append at the turn of a month", async () => {
    await appendAt("2026-01-31T00:00:00Z");
    const moments = Array.from({ length: 12 }, (_, index) => `2026-02-01T00:00:00.0000${String(index + 10)}Z`);
    const sessions = await Promise.all(moments.map(() => connect()));
    await Promise.all(moments.map((moment, index) => appendAt(moment, 1, sessions[index])));
    await Promise.all(sessions.map((session) => session.end()));
    assert.deepEqual(await partitions(), ["events_202601 1-1", "events_202602 open", "events_202603 open"]);
    await assertRight(13);
  });

  it("can be made while somebody reads, and wait for nobody who does", async () => {
    await appendAt("2026-01-31T00:00:00Z");
    const reader = await connect();
    await reader.query("BEGIN; SELECT FROM audit.events");
    await keeper.query("SET lock_timeout = 5000");
    await appendAt("2026-02-01T00:00:00Z").finally(() => reader.end());
    await assertRight(2);
  });

  describe("that are old", () => {
    const late = "2033-03-15T00:00:00Z";
    beforeEach(async () => {
      await appendAt("2026-01-10T00:00:00Z", 3);
      await appendAt("2026-02-10T00:00:00Z", 2);
      await appendAt("2026-03-10T00:00:00Z", 2);
    });

    it("are dropped oldest first, with their keys, which is an event; the rest is still right", async () => {
      await drop("events_202601", late);
      await drop("events_202602", late);
      const [now] = await select(database.url, "SELECT count(*)::int AS keys, min(seq)::int AS first FROM audit.keys");
      assert.deepEqual(now, { keys: 4, first: 6 });
      assert.equal((await select(database.url, "SELECT FROM audit.events")).length, 4);
      const said = await select(
        database.url,
        "SELECT actor, facts - 'lastHash' AS facts FROM audit.events WHERE event_type = 'audit.retention' ORDER BY seq",
      );
      assert.deepEqual(said, [
        { actor: "postgres", facts: { partition: "events_202601", firstSeq: "1", lastSeq: "3" } },
        { actor: "postgres", facts: { partition: "events_202602", firstSeq: "4", lastSeq: "5" } },
      ]);
      await assertRight(4);
      await appendAt("2033-05-01T00:00:00Z");
      await assertRight(5);
    });

    const refusals: Readonly<Record<string, readonly [string, string, RegExp]>> = {
      "a younger one before them": ["events_202602", late, /is not the oldest/],
      "one within the retention period": ["events_202601", "2033-01-31T23:59:59Z", /within the retention period/],
      "one that doesn't exist": ["events_199901", late, /is not the oldest/],
      "another table": ["keys", late, /is not the oldest/],
    };
    for (const [sentence, [name, moment, message]] of Object.entries(refusals)) {
      it(`are not dropped: ${sentence}`, async () => {
        await assert.rejects(drop(name, moment), message);
        await assertRight(7);
      });
    }

    it("are not dropped as long as they are not sealed", async () => {
      await drop("events_202601", late);
      await drop("events_202602", late);
      // The events of that were recorded in 2033, so this month is sealed too, and then one is open.
      for (const name of ["events_202603", "events_202604"]) await drop(name, "2041-01-01T00:00:00Z");
      const open = (await partitions()).filter((line) => line.endsWith("open")).map((line) => line.split(" ")[0] ?? "");
      const [oldest] = (await partitions()).filter((line) => !line.endsWith("dropped"));
      assert.match(String(oldest), /^events_203303 /);
      await drop("events_203303", "2041-01-01T00:00:00Z");
      await drop("events_203304", "2041-01-01T00:00:00Z");
      await assert.rejects(drop(open[0] ?? "", "2060-01-01T00:00:00Z"), /is not sealed/);
      assert.equal((await verifyDatabase(database.url)).problem, undefined);
    });

    it("are not dropped while a hold has a part of them, and are after its release; both are events", async () => {
      const [placed] = await select(
        database.url,
        "SELECT audit.place_hold('2026-01-31T23:00:00Z', '2026-02-02T00:00:00Z', 'case 7') AS id",
      );
      await assert.rejects(drop("events_202601", "2055-03-15T00:00:00Z"), { code: "42501", message: /under a hold/ });
      await assertRight(8);
      await select(database.url, `SELECT audit.release_hold('${String(placed?.["id"])}', 'closed')`);
      await assert.rejects(select(database.url, `SELECT audit.release_hold('${String(placed?.["id"])}', 'again')`), {
        code: "P0002",
      });
      await drop("events_202601", "2055-03-15T00:00:00Z");
      const said = await select(
        database.url,
        "SELECT event_type, reason FROM audit.events WHERE wfe_name = 'audit' ORDER BY seq",
      );
      assert.deepEqual(said, [
        { event_type: "audit.hold.placed", reason: "case 7" },
        { event_type: "audit.hold.released", reason: "closed" },
        { event_type: "audit.retention", reason: "RetentionPeriodOver" },
      ]);
      await assertRight(7);
    });

    it("are not dropped where they say that a hold was placed that is in force, whatever time it is for", async () => {
      await keeper.query("SELECT audit.place_hold('2050-01-01', '2051-01-01', 'case 8')");
      await appendAt("2027-01-10T00:00:00Z");
      for (const name of ["events_202601", "events_202602", "events_202603", "events_202604"]) {
        await drop(name, "2048-01-01T00:00:00Z");
      }
      const [held] = (await partitions()).filter((line) => !line.endsWith("dropped"));
      await assert.rejects(drop(held?.split(" ")[0] ?? "", "2048-01-01T00:00:00Z"), /under a hold/);
      assert.equal((await verifyDatabase(database.url)).problem, undefined);
    });

    it("are kept for as long as a DBA says, which is an event", async () => {
      await select(database.url, "SELECT audit.set_retention_period('1 year')");
      await drop("events_202601", "2027-02-01T00:00:00Z");
      await assert.rejects(select(database.url, "SELECT audit.set_retention_period('1 day')"), { code: "23514" });
      const said = await select(database.url, "SELECT facts FROM audit.events WHERE event_type = 'config.changed'");
      assert.deepEqual(said, [{ facts: { period: "1 year" } }]);
      await assertRight(6);
    });

    it("are not dropped before their time by whoever may drop, who can't name another time", async () => {
      await assert.rejects(
        select(database.url, "SET ROLE audit_retention; SELECT audit.drop_partition('events_202601')"),
        /within the retention period/,
      );
    });
  });

  it("are dropped by whoever may drop, by the real clock", async () => {
    for (const month of ["2001-01", "2001-02", "2001-03"]) await appendAt(`${month}-10T00:00:00Z`);
    const retention = actingAs(database.url, "audit_retention");
    await select(retention, "SELECT audit.drop_partition('events_200101')");
    await select(retention, "SELECT audit.drop_partition('events_200102')");
    const names = (await partitions()).map((line) => line.replace(/ .*dropped/, " dropped"));
    assert.deepEqual(names.slice(0, 2), ["events_200101 dropped", "events_200102 dropped"]);
    await assertRight(3);
  });
});
