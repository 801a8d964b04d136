import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anAuditedExecution, committed } from "../../test/support/audited-execution.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { aScene, offerAll, pending } from "./testing/flusher-scene.ts";

describe("the flusher and a trail that may have lost rows", () => {
  /** Executions a and b say that they are rows 1 and 2, whose hashes are h1 and h2; the trail has these hashes. */
  async function aTrail(hashes: readonly string[]) {
    const losses: unknown[] = [];
    const present = ["a", "b"].map((uid, index) => recordedAs(uid, index + 1));
    const scene = aScene({
      hashAt: (seq) => Promise.resolve(hashes[seq - 1]),
      present: () => ({ executions: present, locks: [] }),
      hooks: { onLoss: (row) => losses.push(row) },
    });
    offerAll(scene.flusher, ...present);
    await scene.settle();
    return { ...scene, losses };
  }

  function recordedAs(uid: string, seq: number): WorkflowExecution {
    const acked = { ordinal: 1, at: "2026-03-01T10:00:01Z" };
    return anAuditedExecution({
      ...{ uid, name: uid },
      audit: { recorded: committed(1, 1), pending: [], acked, seq, hash: `h${String(seq)}` },
    });
  }

  it("asks once for the last row that the cluster knows of, and sends nothing where it is there", async () => {
    const { batches, losses } = await aTrail(["h1", "h2"]);
    assert.deepEqual([batches(), losses], [[], []]);
  });

  for (const [what, hashes] of Object.entries({ "is gone": ["h1"], "is another one": ["h1", "other"] })) {
    it(`records a fork where that row ${what}, and then sends again all that is still there`, async () => {
      const { flusher, batches, losses, succeed, settle } = await aTrail(hashes);
      assert.deepEqual([batches(), losses], [["audit1"], [{ seq: 2, hash: "h2" }]]);
      await succeed();
      assert.deepEqual(batches(), ["audit1", "a1 b1"]);
      await succeed();
      const receipts = ["a", "b"].map((uid) => flusher.receipt(uid));
      assert.deepEqual(
        receipts.map((receipt) => receipt?.seq),
        [1, 2],
      );
      flusher.doubt();
      await settle();
      assert.equal(losses.length, 2, "what was recorded since is expected from now on");
    });
  }

  it("compares with what somebody else remembers", async () => {
    const { flusher, losses, settle } = await aTrail(["h1", "h2"]);
    flusher.doubt({ seq: 9, hash: "h9" });
    await settle();
    assert.deepEqual(losses, [{ seq: 9, hash: "h9" }]);
  });

  it("asks again behind a new connection, and takes nothing for recorded that went over it to a trail with a loss", async () => {
    const hashes = ["h1", "h2"];
    const { flusher, batches, losses, succeed, settle } = await aTrail(hashes);
    offerAll(flusher, pending("c", 1));
    await settle();
    hashes.pop();
    flusher.doubt();
    await succeed();
    assert.deepEqual([losses, flusher.receipt("c")], [[{ seq: 2, hash: "h2" }], undefined]);
    await succeed();
    assert.deepEqual(batches(), ["c1", "audit1", "c1 a1 b1"]);
    await succeed();
    assert.equal(flusher.receipt("c")?.ordinal, 1);
  });
});
