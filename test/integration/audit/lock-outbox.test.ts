import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Pool } from "pg";
import type { TargetLock } from "../../../pkg/api/target-lock.ts";
import { append } from "../../../pkg/audit/append.ts";
import { createFlusher } from "../../../pkg/audit/flusher.ts";
import type { Flusher, FlusherOptions } from "../../../pkg/audit/flusher.ts";
import { rowHashAt } from "../../../pkg/audit/row-hash-at.ts";
import { waitFor } from "../../cluster/wait.ts";
import { anAuditedExecution, entries } from "../../support/audited-execution.ts";
import { aClearing, anAuditedLock } from "../../support/audited-lock.ts";
import type { TestDatabase } from "../../support/postgres-database.ts";
import { openMigratedServer, select } from "./migrated-database.ts";
import type { MigratedServer } from "./migrated-database.ts";

const cleared = anAuditedLock({ audit: { pending: [aClearing(1)] } });
const name = cleared.metadata.name;

/** The same lock after somebody took it and another block was cleared, with nothing recorded as far as it knows. */
const goneOn = anAuditedLock({
  resourceVersion: "12",
  spec: {
    state: "Held",
    epoch: 2,
    holder: {
      ...{ namespace: "remediation", name: "another", uid: "another" },
      ...{ workflowId: "scale-deployment", since: "2026-03-01T10:40:00Z" },
    },
  },
  audit: { pending: [aClearing(1), aClearing(2, { at: "2026-03-01T10:45:00Z" })] },
});

describe("the outbox of a target lock and a real PostgreSQL", () => {
  let server: MigratedServer;
  let database: TestDatabase & { readonly pool: Pool };
  let said: string[];
  const flushers: Flusher[] = [];
  before(async () => {
    server = await openMigratedServer();
  });
  after(() => server.close());
  beforeEach(async () => {
    database = await server.open();
    said = [];
  });
  afterEach(async () => {
    await Promise.all(flushers.splice(0).map((flusher) => flusher.stop(5_000)));
    await database.close();
  });

  /** A controller's flusher that knows nothing of what another one has done. */
  function aFlusher(options: Partial<FlusherOptions> = {}): Flusher {
    const flusher = createFlusher({
      append: (rows) => append(database.pool, rows),
      hashAt: (seq) => rowHashAt(database.pool, seq),
      present: () => ({ executions: [], locks: [] }),
      clusterId: "",
      now: Date.now,
      retryDelayMs: () => 20,
      hooks: {
        onReceipt: ({ kind, name: of }) => said.push(`receipt ${kind} ${of}`),
        onRefused: ({ object, reason }) => said.push(`refused ${object.kind} ${object.name}: ${reason}`),
        onFailure: () => said.push("failure"),
      },
      ...options,
    });
    flushers.push(flusher);
    return flusher;
  }

  async function record(flusher: Flusher, lock: TargetLock): Promise<void> {
    flusher.offerLock(lock);
    await waitFor("everything to be recorded", 20_000, () => flusher.backlog().events === 0);
  }

  function rows(): Promise<readonly Record<string, unknown>[]> {
    return select(
      database.url,
      `SELECT seq::int, ordinal, event_type AS type, wfe_uid AS uid, wfe_name AS name, namespace, target, workflow_id,
        actor, correlation_id AS correlation, facts ->> 'clearReason' AS why FROM audit.events ORDER BY seq`,
    );
  }

  function row(seq: number, ordinal: number): Readonly<Record<string, unknown>> {
    return {
      seq,
      ordinal,
      ...{ type: "workflowexecution.block.cleared", uid: "lock-1", name, namespace: "" },
      ...{ target: "payment/deployments.apps/checkout", workflow_id: "restart-deployment" },
      ...{ actor: "ada@example.com", correlation: name, why: "the node was replaced" },
    };
  }

  it("becomes rows that say who cleared what, and a receipt with the last one's place and hash", async () => {
    const flusher = aFlusher();
    await record(flusher, goneOn);
    assert.deepEqual(await rows(), [row(1, 1), row(2, 2)]);
    const [last] = await select(database.url, "SELECT encode(row_hash, 'hex') AS hash FROM audit.events WHERE seq = 2");
    const { at: _, ...receipt } = flusher.receipt("lock-1") ?? {};
    assert.deepEqual(receipt, { ordinal: 2, seq: 2, hash: last?.["hash"] });
    assert.deepEqual(said, [`receipt lock ${name}`]);
  });

  it("gives the same receipt, and no second row, to whoever sends it again", async () => {
    const [first, second] = [aFlusher(), aFlusher()];
    await record(first, cleared);
    await record(second, cleared);
    assert.deepEqual(await rows(), [row(1, 1)]);
    const [one, other] = [first.receipt("lock-1"), second.receipt("lock-1")];
    assert.deepEqual({ ...other, at: one?.at }, one);
  });

  it("is recorded once where the controller ends between the commit and the receipt, though the lock goes on", async () => {
    const committed = Promise.withResolvers<undefined>();
    const answer = Promise.withResolvers<never>();
    const dying = aFlusher({
      append: async (sent) => {
        await append(database.pool, sent);
        committed.resolve(undefined);
        return answer.promise;
      },
    });
    dying.offerLock(cleared);
    await committed.promise;
    await dying.stop(0);
    answer.reject(new Error("the process has ended"));
    assert.equal(dying.receipt("lock-1"), undefined);
    const next = aFlusher();
    await record(next, goneOn);
    assert.deepEqual(await rows(), [row(1, 1), row(2, 2)]);
    assert.equal(next.receipt("lock-1")?.seq, 2);
    assert.deepEqual(said, [`receipt lock ${name}`]);
  });

  it("doubles nothing when the answer to a commit is lost", async () => {
    let answers = 0;
    const flusher = aFlusher({
      append: async (sent) => {
        const outcomes = await append(database.pool, sent);
        if (++answers === 1) throw new Error("connection lost");
        return outcomes;
      },
    });
    await record(flusher, cleared);
    assert.deepEqual(await rows(), [row(1, 1)]);
    assert.deepEqual(said, ["failure", `receipt lock ${name}`]);
  });

  it("is served beside those of executions, each with its own receipt and numbers", async () => {
    const flusher = aFlusher();
    flusher.offer(anAuditedExecution({ uid: "wfe-1", audit: { pending: entries(1, 3) } }));
    await record(flusher, cleared);
    const trail = await select(
      database.url,
      "SELECT wfe_uid, array_agg(ordinal ORDER BY seq) AS ordinals FROM audit.events GROUP BY 1 ORDER BY 1",
    );
    assert.deepEqual(trail, [
      { wfe_uid: "lock-1", ordinals: [1] },
      { wfe_uid: "wfe-1", ordinals: [1, 2, 3] },
    ]);
    assert.deepEqual([flusher.receipt("lock-1")?.ordinal, flusher.receipt("wfe-1")?.ordinal], [1, 3]);
    assert.deepEqual(await select(database.url, "SELECT id FROM workflow_execution_audit"), [{ id: "wfe-1" }]);
  });

  it("alarms where the trail has another event in its place", async () => {
    await record(aFlusher(), cleared);
    const forged = anAuditedLock({ audit: { pending: [aClearing(1, { reason: "Other" })] } });
    const flusher = aFlusher();
    flusher.offerLock(forged);
    await waitFor("the refusal", 20_000, () => flusher.backlog().refused === 1);
    assert.equal(said.at(-1), `refused lock ${name}: recorded with other content as number 1 of the trail`);
    assert.equal(flusher.receipt("lock-1"), undefined);
  });
});
