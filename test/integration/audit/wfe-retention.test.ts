import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Client } from "pg";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
import { anAuditedExecution, anEntry } from "../../support/audited-execution.ts";
import type { TestDatabase } from "../../support/postgres-database.ts";
import { actingAs, openMigratedServer } from "./migrated-database.ts";
import type { MigratedServer } from "./migrated-database.ts";
import { openLogin, wfe, type Login } from "./wfe-process.ts";

describe("wfe audit partitions, hold and drop, in the order of their use", () => {
  let server: MigratedServer;
  let database: TestDatabase;
  let reader: Login;
  let janitor: Login;
  let hold = "";
  before(async () => {
    server = await openMigratedServer();
    database = await server.open();
    reader = await openLogin(database.url, "wfe_reader", "audit_reader");
    janitor = await openLogin(database.url, "wfe_janitor", "audit_retention");
    await appendAt("2015-01-10T00:00:00Z", 1, 3);
    await appendAt("2015-02-10T00:00:00Z", 4, 2);
    await appendAt("2016-03-10T00:00:00Z", 6, 1);
  });
  after(async () => {
    await reader.remove();
    await janitor.remove();
    await database.close();
    await server.close();
  });

  /** As the functions of the trail do it, at a moment of the past. */
  async function appendAt(moment: string, first: number, count: number): Promise<void> {
    const keeper = new Client({ connectionString: actingAs(database.url, "audit_keeper") });
    await keeper.connect();
    const rows = Array.from({ length: count }, (_, index) => {
      const row = buildEventRow(auditedExecution(anAuditedExecution()), anEntry(first + index), { clusterId: "" });
      return JSON.stringify({ ...row, content_hash: `\\x${row.content_hash}` });
    });
    await keeper.query("SELECT audit.append_at($1::jsonb[], $2)", [rows, moment]).finally(() => keeper.end());
  }

  async function ask(login: Login, ...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await wfe(login.url, ...args);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  async function refusal(login: Login, ...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await wfe(login.url, ...args);
    assert.deepEqual([code, stdout], [1, ""]);
    return stderr;
  }

  it("partitions shows each month, how many rows it has, and when it may be dropped", async () => {
    assert.deepEqual((await ask(reader, "partitions")).split("\n"), [
      "PARTITION      ROWS  STATE   MAY BE DROPPED",
      "events_201501  3     sealed  now",
      "events_201502  2     sealed  now, after those before it",
      "events_201503  0     sealed  now, after those before it",
      "events_201603  1     open    from 2023-04-01T00:00:00Z",
      "events_201604  0     open    from 2023-05-01T00:00:00Z",
      "",
    ]);
  });
  it("partitions shows those who drop all but the rows of the open month", async () => {
    const lines = (await ask(janitor, "partitions")).split("\n");
    assert.match(lines[1] ?? "", /^events_201501 {2}3 /);
    assert.match(lines[4] ?? "", /^events_201603 {2}\? /);
  });
  it("a reader may neither hold nor drop, and is told what is missing", async () => {
    const place = ["hold", "place", "--from", "2015-01-01", "--to", "2015-01-15", "--reason", "case 7"];
    assert.match(await refusal(reader, ...place), /^wfe: permission denied .*: this login lacks the role \(.*\)\n$/);
    assert.match(await refusal(reader, "drop", "events_201501"), /^wfe: permission denied .*lacks the role/);
  });
  it("hold place keeps a month from being dropped", async () => {
    const place = ["hold", "place", "--from", "2015-01-01", "--to", "2015-01-15", "--reason", "case 7"];
    hold = (await ask(janitor, ...place)).trim();
    assert.equal(await refusal(janitor, "drop", "events_201501"), "wfe: partition events_201501 is under a hold\n");
    assert.match(await ask(reader, "partitions"), new RegExp(`^events_201501 .* not while held by ${hold}$`, "m"));
  });
  it("hold list shows what is held", async () => {
    assert.deepEqual((await ask(janitor, "hold", "list")).split("\n").slice(0, 2), [
      "HOLD                                  FROM                  TO                    STATE     PLACED BY EVENT  REASON",
      `${hold}  2015-01-01T00:00:00Z  2015-01-15T00:00:00Z  in force  7                case 7`,
    ]);
  });
  it("hold place refuses a time that ends before it begins", async () => {
    const place = ["hold", "place", "--from", "2015-02-01", "--to", "2015-01-15", "--reason", "case 7"];
    assert.match(await refusal(janitor, ...place), /^wfe: a hold ends after it begins/);
  });
  it("hold release lets it go, once", async () => {
    assert.equal(await ask(janitor, "hold", "release", hold, "--reason", "closed"), `${hold} is released\n`);
    assert.match(await ask(reader, "hold", "list"), /released by event 8/);
    assert.match(await refusal(janitor, "hold", "release", hold, "--reason", "closed"), /^wfe: there is no hold /);
  });
  it("drop drops the oldest month only", async () => {
    assert.match(await refusal(janitor, "drop", "events_201502"), /^wfe: events_201502 is not the oldest partition/);
    assert.equal(await ask(janitor, "drop", "events_201501"), "events_201501 is dropped; event 9 says so\n");
    assert.match(await ask(reader, "partitions"), /^events_201501 {2}3 .* dropped by event 9$/m);
    assert.match(await ask(reader, "verify"), /^PASS: 6 rows/);
  });
});

describe("wfe audit on a database that is no trail", () => {
  it("says what to do where it isn't prepared, and where it can't be reached", async () => {
    const empty = await openMigratedServer();
    const database = await empty.open();
    const unprepared = new URL(database.url);
    unprepared.pathname = "/postgres";
    const [first, second] = await Promise.all([
      wfe(unprepared.href, "query"),
      wfe("postgresql://ann:canary@127.0.0.1:1/audit", "query"),
    ]).finally(async () => {
      await database.close();
      await empty.close();
    });
    assert.match(
      first.stderr,
      /^wfe: relation "audit.events" .*isn't prepared for this version \(wfe audit migrate\)\n$/,
    );
    assert.match(second.stderr, /^wfe: PostgreSQL at 127\.0\.0\.1:1\/audit can't be reached: connect ECONNREFUSED/);
    assert.doesNotMatch(second.stderr, /canary/);
    assert.deepEqual([first.code, second.code], [1, 1]);
  });
});
