import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { append } from "../../../pkg/audit/append.ts";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
import { createPool } from "../../../pkg/audit/pool.ts";
import { anAuditedExecution, anEntry } from "../../support/audited-execution.ts";
import { createDatabase, openTestDatabase, type TestDatabase } from "../../support/postgres-database.ts";
import { select } from "./migrated-database.ts";
import { openLogin, wfe, type Login } from "./wfe-process.ts";

async function record(url: string, count: number): Promise<void> {
  const pool = createPool({ url, onIdleError: () => undefined });
  const execution = auditedExecution(anAuditedExecution());
  const entries = Array.from({ length: count }, (_, index) => anEntry(index + 1));
  await append(
    pool,
    entries.map((entry) => buildEventRow(execution, entry, { clusterId: "" })),
  );
  await pool.end();
}

describe("wfe audit, in the order of its use", () => {
  let server: TestDatabase;
  let database: TestDatabase;
  let person: Login;
  let auditor: string;
  const login = "wfe_auditor";
  before(async () => {
    server = await openTestDatabase();
    database = await createDatabase(server.url);
    person = await openLogin(database.url, login);
    auditor = person.url;
  });
  after(async () => {
    await person.remove();
    await database.close();
    await server.close();
  });

  it("migrate prepares a database, once", async () => {
    const first = await wfe(database.url, "migrate");
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^applied migrations 1, 2, 3/);
    assert.equal((await wfe(database.url, "migrate")).stdout, "nothing to do\n");
  });
  it("verify is refused to a login without the role, and shows no password", async () => {
    const { code, stdout, stderr } = await wfe(auditor, "verify");
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /permission denied/);
    assert.doesNotMatch(stderr, /canary/);
  });
  it("grant lets a login read and verify", async () => {
    const { code, stdout, stderr } = await wfe(database.url, "grant", "reader", login);
    assert.deepEqual([code, stdout], [0, `${login} is a member of audit_reader\n`], stderr);
    assert.match(
      (await wfe(auditor, "verify")).stdout,
      /^PASS: 0 rows of trail [0-9a-f-]{36}, the last is 0:[0-9a-f]{64}\n$/,
    );
  });
  it("verify passes a right trail, also against an anchor from before", async () => {
    await record(database.url, 3);
    const [, anchor = ""] = /the last is (\S+)/.exec((await wfe(auditor, "verify")).stdout) ?? [];
    assert.match(anchor, /^3:/);
    await record(database.url, 5);
    const { code, stdout } = await wfe(auditor, "verify", "--anchor", anchor);
    assert.equal(code, 0);
    assert.match(stdout, /^PASS: 5 rows /);
  });
  it("verify fails a trail that isn't what it was", async () => {
    const { code, stdout } = await wfe(auditor, "verify", "--anchor", `2:${"0".repeat(64)}`);
    assert.equal(code, 1);
    assert.match(stdout, /^FAIL at row 2 \(anchor\): /);
  });
  it("verify names the first row that was changed", async () => {
    // As a superuser can who knows what guards the trail.
    await select(database.url, "DROP SCHEMA audit_guard CASCADE");
    await select(database.url, "ALTER TABLE audit.events DISABLE TRIGGER USER");
    await select(database.url, "UPDATE audit.events SET reason = 'nothing' WHERE seq >= 4");
    const { code, stdout } = await wfe(auditor, "verify");
    assert.equal(code, 1);
    assert.match(stdout, /^FAIL at row 4 \(row-hash\): /);
  });
});

describe("wfe audit without a database", () => {
  it("says what is missing", async () => {
    const { code, stderr } = await wfe("", "verify");
    assert.equal(code, 1);
    assert.match(stderr, /^wfe: DATABASE_URL is not set/);
  });
});
