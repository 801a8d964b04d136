import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { append } from "../../../pkg/audit/append.ts";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import type { EventRow } from "../../../pkg/audit/event-content.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
import { migrate } from "../../../pkg/audit/migrate.ts";
import { MigrationError } from "../../../pkg/audit/plan-migrations.ts";
import type { Migration } from "../../../pkg/audit/plan-migrations.ts";
import { createPool } from "../../../pkg/audit/pool.ts";
import { readMigrations } from "../../../pkg/audit/read-migrations.ts";
import { anAuditedExecution, anEntry } from "../../support/audited-execution.ts";
import { createDatabase, openTestDatabase } from "../../support/postgres-database.ts";
import type { TestDatabase } from "../../support/postgres-database.ts";
import { select } from "./migrated-database.ts";

function aMigration(number: number, sql: string): Migration {
  return { number, name: `m${String(number)}`, sql, checksum: sql };
}

describe("migrations", () => {
  let server: TestDatabase;
  let database: TestDatabase;
  let own: readonly Migration[];
  before(async () => {
    server = await openTestDatabase();
    own = await readMigrations();
  });
  after(() => server.close());
  beforeEach(async () => {
    database = await createDatabase(server.url);
  });
  afterEach(() => database.close());

  async function record(row: EventRow): Promise<void> {
    const pool = createPool({ url: database.url, onIdleError: () => undefined });
    await append(pool, [row]).finally(() => pool.end());
  }

  it("are applied once, in order, by five replicas that start at the same moment", async () => {
    const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(database.url, own)));
    const numbers = own.map((migration) => migration.number);
    assert.deepEqual(applied.flat(), numbers);
    const rows = await select(database.url, "SELECT number, checksum FROM audit.migrations ORDER BY number");
    assert.deepEqual(
      rows,
      own.map(({ number, checksum }) => ({ number, checksum })),
    );
    assert.deepEqual(await select(database.url, "SELECT * FROM workflow_execution_audit"), []);
  });

  it("continue where an older version stopped", async () => {
    await migrate(database.url, [aMigration(1, "CREATE TABLE one ()")]);
    const both = [aMigration(1, "CREATE TABLE one ()"), aMigration(2, "CREATE TABLE two ()")];
    assert.deepEqual(await migrate(database.url, both), [2]);
    assert.deepEqual(await migrate(database.url, both), []);
  });

  it("bring a database of an earlier version, with what it has recorded, to this one", async () => {
    const view = "SELECT * FROM workflow_execution_audit";
    await migrate(database.url, own.slice(0, 2));
    const execution = auditedExecution(anAuditedExecution());
    await record(buildEventRow(execution, anEntry(1), { clusterId: "" }));
    const before = await select(database.url, view);
    assert.equal(before.length, 1);
    const later = own.slice(2).map((migration) => migration.number);
    assert.deepEqual(await migrate(database.url, own), later);
    assert.deepEqual(await select(database.url, view), before);
  });

  it("leave nothing behind when one of them fails, and can be tried again", async () => {
    const first = aMigration(1, "CREATE TABLE one ()");
    await assert.rejects(migrate(database.url, [first, aMigration(2, "CREATE TABLE one ()")]), { code: "42P07" });
    assert.deepEqual(
      await select(database.url, "SELECT to_regclass('one') AS one, to_regclass('audit.migrations') AS notes"),
      [{ one: null, notes: null }],
    );
    assert.deepEqual(await migrate(database.url, [first]), [1]);
  });

  it("refuse a database that a newer version has prepared, and leave it as it is", async () => {
    await migrate(database.url, [aMigration(1, "CREATE TABLE one ()"), aMigration(2, "CREATE TABLE two ()")]);
    await assert.rejects(migrate(database.url, [aMigration(1, "CREATE TABLE one ()")]), MigrationError);
    assert.equal((await select(database.url, "SELECT FROM audit.migrations")).length, 2);
  });

  it("refuse a migration that was changed after it was applied", async () => {
    await migrate(database.url, [aMigration(1, "CREATE TABLE one ()")]);
    await assert.rejects(
      migrate(database.url, [aMigration(1, "CREATE TABLE other ()"), aMigration(2, "CREATE TABLE two ()")]),
      MigrationError,
    );
    assert.deepEqual(await select(database.url, "SELECT to_regclass('two') AS two"), [{ two: null }]);
  });
});
