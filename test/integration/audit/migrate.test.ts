import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { append } from "../../../pkg/audit/append.ts";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import type { EventRow } from "../../../pkg/audit/event-content.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
import { grantRole } from "../../../pkg/audit/grant-role.ts";
import { migrate } from "../../../pkg/audit/migrate.ts";
import { MigrationError } from "../../../pkg/audit/plan-migrations.ts";
import type { Migration } from "../../../pkg/audit/plan-migrations.ts";
import { createPool } from "../../../pkg/audit/pool.ts";
import { readMigrations } from "../../../pkg/audit/read-migrations.ts";
import { anAuditedExecution, anEntry } from "../../support/audited-execution.ts";
import { createDatabase, databaseName, openTestDatabase } from "../../support/postgres-database.ts";
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

  it("change the trail's own tables, keep what is recorded, and leave the tables guarded again", async () => {
    const view = "SELECT * FROM workflow_execution_audit";
    await migrate(database.url, own);
    const execution = auditedExecution(anAuditedExecution());
    await record(buildEventRow(execution, anEntry(1), { clusterId: "" }));
    const before = await select(database.url, view);
    assert.equal(before.length, 1);
    const next = aMigration(own.length + 1, "SET LOCAL ROLE audit_owner; ALTER TABLE audit.head ADD COLUMN more text");
    assert.deepEqual(await migrate(database.url, [...own, next]), [next.number]);
    assert.deepEqual(await select(database.url, view), before);
    await assert.rejects(select(database.url, "ALTER TABLE audit.head DROP COLUMN more"), { code: "42501" });
  });

  describe("by a login without rights", () => {
    let url: string;
    beforeEach(async () => {
      await select(server.url, "CREATE ROLE plain_of_test LOGIN PASSWORD 'p'");
      const plain = new URL(database.url);
      plain.username = "plain_of_test";
      plain.password = "p";
      url = plain.href;
    });
    afterEach(() => select(server.url, "DROP ROLE plain_of_test"));

    it("are refused, and it is said who can do it", async () => {
      await assert.rejects(migrate(url, own), {
        name: "MigrationError",
        message: /login "plain_of_test".*wfe audit migrate/,
      });
      assert.deepEqual(await select(database.url, "SELECT to_regnamespace('audit') AS schema"), [{ schema: null }]);
    });

    it("are not needed where nothing is missing and it may append", async () => {
      await migrate(database.url, own);
      await assert.rejects(migrate(url, own), { name: "MigrationError", message: /member of audit_writer/ });
      await grantRole(database.url, "audit_writer", "plain_of_test");
      assert.deepEqual(await migrate(url, own), []);
      const later = [...own, aMigration(own.length + 1, "CREATE TABLE later ()")];
      await assert.rejects(migrate(url, later), {
        name: "MigrationError",
        message: new RegExp(`lacks migration ${String(later.length)}`),
      });
      await select(database.url, "REVOKE audit_writer FROM plain_of_test");
    });
  });

  it("are possible for a login that may make roles and is no superuser; then nobody guards against the owner", async () => {
    await select(server.url, "CREATE ROLE maker_of_test LOGIN CREATEROLE PASSWORD 'p'");
    await select(
      server.url,
      "GRANT audit_owner, audit_keeper, audit_writer, audit_reader TO maker_of_test WITH ADMIN TRUE",
    );
    const name = databaseName(database.url);
    await select(database.url, `ALTER DATABASE ${name} OWNER TO maker_of_test`);
    const maker = new URL(database.url);
    maker.username = "maker_of_test";
    maker.password = "p";
    try {
      assert.equal((await migrate(maker.href, own)).length, own.length);
      const [guards] = await select(database.url, "SELECT count(*)::int AS guards FROM pg_event_trigger");
      assert.deepEqual(guards, { guards: 0 });
      await record(buildEventRow(auditedExecution(anAuditedExecution()), anEntry(1), { clusterId: "" }));
      await assert.rejects(select(maker.href, "DELETE FROM audit.events"), { code: "42501" });
    } finally {
      await select(database.url, `ALTER DATABASE ${name} OWNER TO postgres`);
      await select(database.url, "DROP OWNED BY maker_of_test CASCADE");
      await select(server.url, "DROP ROLE maker_of_test");
    }
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
