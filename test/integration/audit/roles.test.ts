import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Client } from "pg";
import type { Pool } from "pg";
import { append } from "../../../pkg/audit/append.ts";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
import { verifyDatabase } from "../../../pkg/audit/verify/verify-database.ts";
import { anAuditedExecution, anEntry } from "../../support/audited-execution.ts";
import type { TestDatabase } from "../../support/postgres-database.ts";
import { openMigratedServer, select } from "./migrated-database.ts";
import type { MigratedServer } from "./migrated-database.ts";

const tables = ["events", "PARTITION", "keys", "head", "partitions", "holds", "retention_period", "migrations"];
const column: Readonly<Record<string, string>> = {
  ...{ events: "reason", PARTITION: "reason", keys: "content_hash", head: "row_hash", partitions: "dropped_by_seq" },
  ...{ holds: "reason", retention_period: "period", migrations: "name" },
};

/** Statements that change what is recorded. */
const changes = tables.flatMap((table) => [
  `UPDATE audit.${table} SET ${column[table] ?? ""} = NULL`,
  `UPDATE audit.${table} SET ${column[table] ?? ""} = NULL WHERE false`,
  `DELETE FROM audit.${table}`,
  `TRUNCATE audit.${table} CASCADE`,
  `INSERT INTO audit.${table} SELECT * FROM audit.${table} LIMIT 0`,
  `MERGE INTO audit.${table} AS t USING (SELECT 1) AS s ON false WHEN MATCHED THEN DELETE`,
  `COPY audit.${table} FROM PROGRAM 'true'`,
]);

/** Statements that change what the tables are, or what guards them. */
const alterations = [
  "ALTER TABLE audit.events DETACH PARTITION audit.PARTITION",
  "ALTER TABLE audit.events DETACH PARTITION audit.PARTITION CONCURRENTLY",
  ...tables.flatMap((table) => [
    `DROP TABLE audit.${table} CASCADE`,
    `ALTER TABLE audit.${table} RENAME TO elsewhere`,
    `ALTER TABLE audit.${table} SET SCHEMA public`,
    `ALTER TABLE audit.${table} DISABLE TRIGGER ALL`,
    `ALTER TABLE audit.${table} ADD COLUMN more text`,
    `ALTER TABLE audit.${table} OWNER TO CURRENT_USER`,
    `CREATE RULE nothing AS ON INSERT TO audit.${table} DO INSTEAD NOTHING`,
    `CREATE INDEX ON audit.${table} ((1))`,
  ]),
  "ALTER TABLE audit.events DROP COLUMN reason CASCADE",
  "ALTER TABLE audit.keys DROP CONSTRAINT keys_pkey",
  "ALTER TABLE audit.events ENABLE ROW LEVEL SECURITY",
  "ALTER TABLE audit.events ENABLE REPLICA TRIGGER refuse_change",
  "DROP TRIGGER refuse_change ON audit.events",
  "DROP TRIGGER refuse_change ON audit.PARTITION",
  "DROP INDEX audit.events_type",
  "DROP FUNCTION audit.append(jsonb[])",
  "DROP FUNCTION audit.refuse_change() CASCADE",
  "ALTER FUNCTION audit.append(jsonb[]) SECURITY INVOKER",
  "ALTER FUNCTION audit.append(jsonb[]) RENAME TO other",
  "CREATE OR REPLACE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
  "CREATE FUNCTION audit.more() RETURNS void LANGUAGE sql SECURITY DEFINER AS ''",
  "CREATE TABLE audit.more ()",
  "ALTER SCHEMA audit RENAME TO elsewhere",
  "DROP SCHEMA audit CASCADE",
  "DROP OWNED BY audit_owner CASCADE",
  "REASSIGN OWNED BY audit_owner TO audit_writer",
];

/** Statements that only a superuser may use at all, or only a member of the keeper. */
const escapes = [
  "SET session_replication_role = replica",
  "SET ROLE audit_keeper",
  "ALTER EVENT TRIGGER audit_guard_drop DISABLE",
  "DROP EVENT TRIGGER audit_guard_alter",
  "GRANT audit_keeper TO CURRENT_USER",
  "CREATE ROLE other",
  "SELECT audit.append_at('{}', now())",
  "SELECT audit.append_own('audit.retention', '', '{}', now())",
  "SELECT audit.add_partition('events_209901')",
  "SELECT audit.seal_partition('PARTITION')",
  "SELECT audit.prepare_partitions('2099-01-01')",
  "SELECT audit.drop_partition_at('PARTITION', '2099-01-01')",
  "SELECT audit.set_retention_period('1 month')",
];

const reads = tables.map((table) => `SELECT FROM audit.${table}`);
const view = "SELECT FROM workflow_execution_audit";
const holding = [
  "SELECT audit.place_hold('2026-01-01', '2027-01-01', 'case 7')",
  "SELECT audit.release_hold('00000000-0000-4000-8000-000000000000', 'closed')",
];
const appending = "SELECT audit.append('{}')";
const dropping = "SELECT audit.drop_partition('PARTITION')";
const looking = ["SELECT audit.checkpoint()", "SELECT audit.hash_at(1)"];
const every = [...changes, ...alterations, ...escapes, ...reads, view, ...holding, appending, dropping, ...looking];

/** What each may do; it may do nothing else of the above. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  audit_writer: [appending, ...looking, "SELECT FROM audit.migrations"],
  audit_reader: [...reads.filter((statement) => !statement.includes("PARTITION")), view, ...looking],
  audit_retention: [
    ...["partitions", "holds", "retention_period", "migrations"].map((table) => `SELECT FROM audit.${table}`),
    ...[...holding, dropping],
  ],
};

/** What refuses: missing privileges; who may do more is kept from it by triggers. All have one SQLSTATE. */
const REFUSED = "42501";

describe("the roles of the audit trail", () => {
  let server: MigratedServer;
  let database: TestDatabase & { readonly pool: Pool };
  let partition: string;
  before(async () => {
    server = await openMigratedServer();
    database = await server.open();
    const execution = auditedExecution(anAuditedExecution());
    const rows = [1, 2, 3].map((ordinal) => buildEventRow(execution, anEntry(ordinal), { clusterId: "" }));
    await append(database.pool, rows);
    const [first] = await select(database.url, "SELECT min(name) AS name FROM audit.partitions");
    partition = String(first?.["name"]);
  });
  after(async () => {
    await database.close();
    await server.close();
  });

  /** The SQLSTATE with which a role is answered, "00000" for success. What it did is undone where that can be. */
  async function answer(client: Client, role: string, statement: string): Promise<string> {
    const isAlone = statement.endsWith("CONCURRENTLY");
    await client.query(
      isAlone ? `SET SESSION AUTHORIZATION ${role}` : `BEGIN; SET LOCAL SESSION AUTHORIZATION ${role}`,
    );
    const code = await client
      .query(statement.replaceAll("PARTITION'", `${partition}'`).replaceAll("audit.PARTITION", `audit.${partition}`))
      .then(
        () => "00000",
        (error: unknown) => (error as { readonly code: string }).code,
      );
    await client.query(isAlone ? "RESET SESSION AUTHORIZATION" : "ROLLBACK");
    return code;
  }

  async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    return work(client).finally(() => client.end());
  }

  /** The statements that are answered in some way, with the answers. */
  async function answers(role: string, statements: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return withClient(async (client) => {
      const all = new Map<string, string>();
      for (const statement of statements) all.set(statement, await answer(client, role, statement));
      return all;
    });
  }

  async function permitted(role: string, statements: readonly string[]): Promise<readonly string[]> {
    return [...(await answers(role, statements))]
      .filter(([, code]) => code !== REFUSED)
      .map(([statement]) => statement);
  }

  /** What an owner may do is sometimes refused for another reason before it comes to the guard. */
  async function done(role: string, statements: readonly string[]): Promise<readonly string[]> {
    return [...(await answers(role, statements))]
      .filter(([, code]) => code === "00000")
      .map(([statement]) => statement);
  }

  for (const [role, statements] of Object.entries(allowed)) {
    it(`${role} may do ${String(statements.length)} things and none of ${String(every.length - statements.length)} others`, async () => {
      assert.deepEqual((await permitted(role, every)).toSorted(), statements.toSorted());
    });
  }

  it("audit_owner may change, add, alter and drop nothing, and can't become the keeper", async () => {
    const owned = every.filter((statement) => !/migrations/.test(statement));
    const harmless = [...reads, view, ...looking].filter((statement) => !/migrations/.test(statement));
    const forbidden = owned.filter((statement) => !harmless.includes(statement));
    assert.deepEqual(await done("audit_owner", forbidden), []);
  });

  it("the keeper, as whom the functions act, changes no event and empties no table either", async () => {
    const events = changes.filter((statement) =>
      /(UPDATE|FROM|INTO) audit.(events|PARTITION) (SET|AS)|DELETE FROM audit.(events|PARTITION)|TRUNCATE/.test(
        statement,
      ),
    );
    assert.equal(events.length, 16);
    assert.deepEqual(await done("audit_keeper", events), []);
  });

  it("a superuser is kept from accidents: changes, drops and detached partitions are refused", async () => {
    const accidents = [...changes, ...alterations].filter(
      (statement) =>
        !/migrations (SET|CASCADE$|SELECT)|FROM audit.migrations|INTO audit.migrations|audit.migrations FROM|REASSIGN/.test(
          statement,
        ),
    );
    assert.deepEqual(await done("postgres", accidents), []);
  });

  it("hold for logins that are members of them", async () => {
    await select(database.url, "DROP ROLE IF EXISTS controller_of_test");
    await select(database.url, "CREATE ROLE controller_of_test LOGIN PASSWORD 'p' IN ROLE audit_writer");
    const url = new URL(database.url);
    url.username = "controller_of_test";
    url.password = "p";
    assert.deepEqual(await select(url.href, "SELECT * FROM audit.append('{}')"), []);
    await assert.rejects(select(url.href, "SELECT FROM audit.events"), { code: REFUSED });
    await assert.rejects(select(url.href, "CREATE TABLE audit.more ()"), { code: REFUSED });
    await select(database.url, "DROP ROLE controller_of_test");
  });

  it("leave others their work in the same database", async () => {
    await withClient(async (client) => {
      await client.query("CREATE ROLE other_of_test; CREATE SCHEMA other AUTHORIZATION other_of_test");
      await client.query(
        "SET ROLE other_of_test; CREATE TABLE other.one (id int); ALTER TABLE other.one ADD name text",
      );
      await client.query("DROP TABLE other.one; RESET ROLE; DROP SCHEMA other; DROP ROLE other_of_test");
    });
  });

  it("allow nobody to execute a function who was not granted it", async () => {
    const open = `SELECT p.oid::regprocedure AS name FROM pg_proc p
      WHERE pronamespace = 'audit'::regnamespace AND has_function_privilege('public', p.oid, 'EXECUTE')`;
    assert.deepEqual(await select(database.url, open), []);
  });

  it("let functions that act for others look up names in no schema that others may write", async () => {
    const unpinned = `SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE pronamespace = 'audit'::regnamespace
      AND prosecdef AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false)`;
    assert.deepEqual(await select(database.url, unpinned), []);
  });

  it("have left the trail as it was after all of that", async () => {
    const { problem, rows } = await verifyDatabase(database.url);
    assert.deepEqual([problem, rows], [undefined, 3]);
  });
});
