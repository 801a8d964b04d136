import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { append } from "../../../pkg/audit/append.ts";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import { parseSigningKey } from "../../../pkg/audit/checkpoint/checkpoint-key.ts";
import type { Checkpoint } from "../../../pkg/audit/checkpoint/checkpoint.ts";
import { lostCheckpoints } from "../../../pkg/audit/checkpoint/lost-checkpoints.ts";
import { signCheckpoint } from "../../../pkg/audit/checkpoint/sign-checkpoint.ts";
import { readTrailEnd } from "../../../pkg/audit/checkpoint/trail-end.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
import { grantRole } from "../../../pkg/audit/grant-role.ts";
import { createPool } from "../../../pkg/audit/pool.ts";
import { buildTrailRow, forkEvent } from "../../../pkg/audit/trail-event.ts";
import { anchoredMutations } from "../../audit/anchored-mutations.ts";
import { randomFrom } from "../../audit/random.ts";
import { runCommand, type CommandResult } from "../../cluster/run-command.ts";
import { aWrittenCheckpoint } from "../../support/a-checkpoint.ts";
import { anAuditedExecution, anEntry } from "../../support/audited-execution.ts";
import { openMigratedServer, select } from "./migrated-database.ts";
import type { MigratedServer, OpenDatabase } from "./migrated-database.ts";

const program = join(import.meta.dirname, "../../../cmd/wfe/main.ts");

describe("checkpoints of a trail in a real PostgreSQL, in the order of their use", () => {
  let server: MigratedServer;
  let database: OpenDatabase;
  let folder: string;
  let signing: string;
  let checkpoint: Checkpoint;
  before(async () => {
    server = await openMigratedServer();
    database = await server.open();
    folder = await mkdtemp(join(tmpdir(), "checkpoint-"));
    signing = join(folder, "audit.pem");
    await record(1, 5);
  });
  after(async () => {
    await rm(folder, { recursive: true });
    await database.close();
    await server.close();
  });

  it("keygen makes a key that only its owner may read, once, and prints its public half", async () => {
    const { code, stdout, stderr } = await wfe("keygen", signing);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^key [0-9a-f]{8}\n$/);
    assert.equal((await stat(signing)).mode & 0o777, 0o600);
    await keep("audit.pub", stdout);
    const again = await wfe("keygen", signing);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /EEXIST/);
    assert.equal((await wfe("public-key", signing)).stdout, stdout);
  });

  it("a login that may only append can be asked where the trail ends", async () => {
    await select(database.url, "CREATE ROLE checkpoint_writer LOGIN PASSWORD 'p'");
    await grantRole(database.url, "audit_writer", "checkpoint_writer");
    const writer = Object.assign(new URL(database.url), { username: "checkpoint_writer", password: "p" });
    const pool = createPool({ url: writer.href, onIdleError: () => undefined });
    const end = await readTrailEnd(pool);
    await pool.end();
    await select(database.url, "DROP ROLE checkpoint_writer");
    assert.deepEqual([end.seq, end.timeline], [5, "00000001"]);
    checkpoint = { ...end, time: "2026-03-01T10:00:09.000Z", forks: 0, isNoted: true };
  });

  it("verify uses a signed one, and says so", async () => {
    await keep("checkpoint", await signedBy(signing));
    await record(6, 8);
    const { code, stdout } = await verify("checkpoint");
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^PASS: 8 rows .*; signed checkpoint 5 of 2026-03-01T10:00:09\.000Z \(key [0-9a-f]{8}\)\n$/);
  });

  it("verify uses one that it can't check, and says that too", async () => {
    await keep("unsigned", signCheckpoint(checkpoint, undefined));
    assert.match(
      (await wfe("verify", "--checkpoint", join(folder, "unsigned"))).stdout,
      /^PASS: .*; unsigned checkpoint 5/,
    );
    const unchecked = await wfe("verify", "--checkpoint", join(folder, "checkpoint"));
    assert.match(unchecked.stdout, /^PASS: .*whose signature was not checked/);
  });

  it("verify refuses a forged one, whatever the trail is", async () => {
    const text = await signedBy(signing);
    await wfe("keygen", join(folder, "other.pem"));
    const forgeries: Readonly<Record<string, readonly [string, RegExp]>> = {
      changed: [text.replace("seq: 5", "seq: 4"), /^FAIL at row 4 \(signature\): .* forged\n$/],
      foreign: [await signedBy(join(folder, "other.pem")), /^FAIL at row 5 \(key\): /],
      stripped: [signCheckpoint(checkpoint, undefined), /^FAIL at row 5 \(signature\): .* is not signed\n$/],
      broken: ["nothing", /^FAIL at row 0 \(checkpoint\): .*broken has no checkpoint\n$/],
    };
    for (const [name, [forged, message]] of Object.entries(forgeries)) {
      await keep(name, forged);
      const { code, stdout } = await verify(name);
      assert.equal(code, 1, name);
      assert.match(stdout, message);
    }
  });

  it("verify refuses one of another trail", async () => {
    checkpoint = { ...checkpoint, origin: "6f1c9a3e-0000-4000-8000-000000000001" };
    await keep("other-trail", await signedBy(signing));
    assert.match((await verify("other-trail")).stdout, /^FAIL at row 1 \(origin\): /);
  });

  it("verify finds by it a trail that was rewritten as a whole, which alone looks right", async () => {
    await select(database.url, "DROP SCHEMA audit_guard CASCADE");
    await select(database.url, "DROP FUNCTION audit.refuse_change() CASCADE");
    await select(database.url, "DROP FUNCTION audit.refuse_step_back() CASCADE");
    const [rewrite] = anchoredMutations;
    for (const statement of rewrite?.statements(randomFrom(7), { first: 4, last: 4 }) ?? []) {
      await select(database.url, statement);
    }
    assert.match((await wfe("verify")).stdout, /^PASS: 8 rows/);
    assert.match((await verify("checkpoint")).stdout, /^FAIL at row 5 \(anchor\): [^;]*rewritten\n$/);
  });

  it("a controller finds that too, and verify says where it has recorded it", async () => {
    const end = await readTrailEnd(database.pool);
    const before = { ...checkpoint, origin: end.origin };
    const [still, lost] = [aWrittenCheckpoint({ ...before, ...end }), aWrittenCheckpoint(before)];
    assert.deepEqual(await lostCheckpoints(database.pool, end, [still, lost]), [lost]);
    await append(database.pool, [buildTrailRow(forkEvent(lost, Date.now()), { clusterId: "" })]);
    const { code, stdout } = await verify("checkpoint");
    assert.equal(code, 1);
    assert.match(stdout, /^FAIL at row 5 \(anchor\): .*; row 9 \(chain\.fork\) says that rows were lost\n$/);
  });

  async function record(first: number, last: number): Promise<void> {
    const execution = auditedExecution(anAuditedExecution());
    const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    await append(
      database.pool,
      numbers.map((ordinal) => buildEventRow(execution, anEntry(ordinal), { clusterId: "" })),
    );
  }

  function wfe(...args: readonly string[]): Promise<CommandResult> {
    const env = { DATABASE_URL: database.url, NODE_OPTIONS: "" };
    return runCommand(process.execPath, [program, "audit", ...args], { env, timeoutMs: 60_000 });
  }

  function verify(file: string): Promise<CommandResult> {
    return wfe("verify", "--checkpoint", join(folder, file), "--public-key", join(folder, "audit.pub"));
  }

  async function keep(name: string, text: string): Promise<void> {
    await writeFile(join(folder, name), text);
  }

  async function signedBy(file: string): Promise<string> {
    return signCheckpoint(checkpoint, parseSigningKey(await readFile(file, "utf8")));
  }
});
