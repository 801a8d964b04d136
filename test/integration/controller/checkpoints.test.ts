import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { checkCheckpoint } from "../../../pkg/audit/checkpoint/check-checkpoint.ts";
import { generateSigningKey, parseSigningKey, publicKeyText } from "../../../pkg/audit/checkpoint/checkpoint-key.ts";
import { readRecord, type CheckpointRecord } from "../../../pkg/audit/checkpoint/checkpoint-record.ts";
import { parseCheckpoint } from "../../../pkg/audit/checkpoint/checkpoint.ts";
import { createCheckpointStore } from "../../../pkg/kube/checkpoint-store.ts";
import { anchoredMutations } from "../../audit/anchored-mutations.ts";
import { randomFrom } from "../../audit/random.ts";
import { runCommand, type CommandResult } from "../../cluster/run-command.ts";
import { waitFor } from "../../cluster/wait.ts";
import { startControllerUnderTest, type ControllerUnderTest } from "../../support/controller-under-test.ts";
import { startWorld, type World } from "../../support/controller-world.ts";
import { projectPath } from "../../support/platform/manifests.ts";
import { select } from "../audit/migrated-database.ts";
import { create, untilSettled } from "./context.ts";

const NAMESPACE = "kubernaut-system";

/** A row of the trail about itself. */
interface OwnEvent {
  readonly seq: number;
  readonly type: string;
  readonly facts: Readonly<Record<string, string>>;
}

describe("checkpoints of the audit trail, in the order of their life", () => {
  let world: World;
  let controller: ControllerUnderTest;
  let folder: string;
  const signingKey = generateSigningKey();
  const publicKey = parseSigningKey(signingKey);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "checkpoints-"));
    await writeFile(join(folder, "audit.pem"), signingKey);
    await writeFile(join(folder, "audit.pub"), publicKeyText(publicKey));
    world = await startWorld();
    controller = await startController();
  });
  after(async () => {
    await controller.stop();
    await world.stop();
    await rm(folder, { recursive: true });
  });

  it("one appears in the ConfigMap, signed, with the rights of the controller alone", async () => {
    await settle("first");
    const newest = await untilAnchored();
    assert.equal(checkCheckpoint(newest, [publicKey]), undefined);
    const [row] = await select(world.postgres.url, hashOf(newest.seq));
    assert.deepEqual([row?.["hash"], newest.forks], [newest.hash, 0]);
  });

  it("each is in the log, so that whoever collects it holds the same text", async () => {
    const texts = (await controller.log()).flatMap(({ checkpoint }) =>
      typeof checkpoint === "string" ? checkpoint : [],
    );
    const newest = parseCheckpoint(texts.at(-1) ?? "") ?? assert.fail("there is no checkpoint in the log");
    assert.equal(checkCheckpoint(newest, [publicKey]), undefined);
    assert.doesNotMatch(JSON.stringify(await controller.log()), /PRIVATE KEY/);
    assert.equal(await counted("written"), texts.length);
    assert.deepEqual([await counted("lost"), await counted("forged")], [0, 0]);
  });

  it("the trail tells of the start and of each checkpoint, and is quiet where nothing else happens", async () => {
    const events = await ownEvents();
    assert.equal(events[0]?.type, "audit.started");
    assert.equal(events[0].facts["version"], "0.1.0");
    const { newest } = await record();
    assert.equal(events.at(-1)?.facts["seq"], String(newest?.seq));
    const [head] = await select(world.postgres.url, "SELECT seq::int FROM audit.head");
    assert.equal(head?.["seq"], (newest?.seq ?? 0) + 1);
  });

  it("verify passes with the cluster's word, and says what it was", async () => {
    const { code, stdout, stderr } = await verify();
    assert.equal(code, 0, stdout + stderr);
    assert.match(
      stdout,
      /^PASS: \d+ rows .*; signed checkpoint \d+ of \S+ \(key [0-9a-f]{8}\)(; \d+ older ones?)?; [1-9]\d* receipts\n$/,
    );
  });

  it("a last one is written when the controller stops, for its own last word too", async () => {
    assert.equal((await controller.stop()).code, 0);
    const events = await ownEvents();
    const { newest } = await record();
    assert.deepEqual([events.at(-1)?.type, newest?.isNoted], ["audit.stopped", false]);
    assert.equal(newest?.seq, events.at(-1)?.seq);
  });

  it("the next controller goes on from it", async () => {
    const before = (await record()).newest?.seq ?? 0;
    controller = await startController();
    await settle("second");
    const newest = await untilAnchored();
    assert.ok(newest.seq > before);
    assert.equal(newest.forks, 0);
    assert.equal((await ownEvents()).filter(({ type }) => type === "audit.started").length, 2);
    assert.equal((await verify()).code, 0);
  });

  it("a trail that a superuser has rewritten as a whole while no controller ran is found by them alone", async () => {
    await controller.stop();
    const { newest } = await record();
    const [row] = await select(
      world.postgres.url,
      "SELECT min(seq)::int AS seq FROM audit.events WHERE wfe_name = 'second'",
    );
    const seq = Number(row?.["seq"]);
    await rewrite(seq);
    assert.match((await wfe("verify")).stdout, /^PASS: /, "in itself it is right");
    const { code, stdout } = await verify();
    assert.equal(code, 1);
    assert.match(stdout, new RegExp(`^FAIL at row (${String(seq)}|[0-9]+) \\(anchor\\): .* rewritten\n$`));
    assert.ok(newest !== undefined && newest.seq > seq);
  });

  it("a controller says so, records it, and its next checkpoint counts it", async () => {
    const lost = (await record()).newest;
    controller = await startController();
    await waitFor("the loss to be recorded", 30_000, async () => {
      const events = await ownEvents();
      return (await record()).newest?.forks === 1 && events.some(({ type }) => type === "chain.fork");
    });
    const { newest, lost: kept } = await record();
    assert.deepEqual([newest?.forks, kept.at(-1)?.text], [1, lost?.text]);
    const fork = (await ownEvents()).find(({ type }) => type === "chain.fork");
    assert.equal(fork?.facts["lostHash"], lost?.hash);
    const errors = (await controller.log()).filter(({ level }) => level === "error").map(({ msg }) => msg);
    assert.ok(
      errors.some((msg) => msg.startsWith("the audit trail isn't what it was")),
      errors.join("\n"),
    );
    assert.ok((await counted("lost")) > 0, "nothing to alert on");
    await writeFile(join(folder, "lost"), lost?.text ?? "");
    const old = await wfe("verify", "--checkpoint", join(folder, "lost"), "--public-key", join(folder, "audit.pub"));
    assert.match(old.stdout, new RegExp(`^FAIL at row .*; row ${String(fork?.seq)} \\(chain\\.fork\\) says`));
  });

  function startController(): Promise<ControllerUnderTest> {
    return startControllerUnderTest({
      kubeconfig: world.controllerKubeconfig,
      databaseUrl: world.postgres.url,
      settings: { audit: { settle: "0s", checkpoint: { interval: "1s" } } },
      env: { AUDIT_SIGNING_KEY_FILE: join(folder, "audit.pem") },
    });
  }

  /** Checkpoints of this controller of which that became, by its metrics. */
  async function counted(result: string): Promise<number> {
    const sample = new RegExp(`^workflowexecution_audit_checkpoints_total\\{result="${result}"\\} (\\d+)$`, "m");
    return Number(sample.exec(await controller.metrics())?.[1]);
  }

  async function settle(name: string): Promise<void> {
    await create(world, { name, target: `payment/deployment/${name}` });
    await untilSettled(world, name);
  }

  async function record(): Promise<CheckpointRecord> {
    return readRecord((await createCheckpointStore(world.connection, NAMESPACE).read()).data);
  }

  /** The newest checkpoint, once nothing but the event that tells of it is behind it. */
  async function untilAnchored(): Promise<NonNullable<CheckpointRecord["newest"]>> {
    let newest: CheckpointRecord["newest"];
    await waitFor("a checkpoint of all that happened", 30_000, async () => {
      newest = (await record()).newest;
      const [behind] = await select(
        world.postgres.url,
        `SELECT count(*)::int, every(event_type = 'audit.checkpoint') FROM audit.events WHERE seq > ${String(newest?.seq ?? 0)}`,
      );
      return newest !== undefined && behind?.["count"] === 1 && behind["every"] === true;
    });
    return newest ?? assert.fail("there is no checkpoint");
  }

  async function ownEvents(): Promise<readonly OwnEvent[]> {
    const rows = await select(
      world.postgres.url,
      "SELECT seq::int, event_type AS type, facts FROM audit.events WHERE wfe_name = 'audit' ORDER BY seq",
    );
    return rows as unknown as readonly OwnEvent[];
  }

  /** As a superuser can who knows what guards the trail and what depends on a row. */
  async function rewrite(seq: number): Promise<void> {
    await select(world.postgres.url, "DROP SCHEMA audit_guard CASCADE");
    await select(world.postgres.url, "DROP FUNCTION audit.refuse_change() CASCADE");
    await select(world.postgres.url, "DROP FUNCTION audit.refuse_step_back() CASCADE");
    const [mutation] = anchoredMutations;
    for (const statement of mutation?.statements(randomFrom(7), { first: seq, last: seq }) ?? []) {
      await select(world.postgres.url, statement);
    }
  }

  function verify(): Promise<CommandResult> {
    const cluster = ["--cluster", "--kubeconfig", world.cluster.kubeconfig];
    return wfe("verify", ...cluster, "--public-key", join(folder, "audit.pub"));
  }

  function wfe(...args: readonly string[]): Promise<CommandResult> {
    const env = { DATABASE_URL: world.postgres.url, NODE_OPTIONS: "" };
    return runCommand(process.execPath, [projectPath("cmd/wfe/main.ts"), "audit", ...args], { env, timeoutMs: 60_000 });
  }
});

function hashOf(seq: number): string {
  return `SELECT encode(row_hash, 'hex') AS hash FROM audit.events WHERE seq = ${String(seq)}`;
}
