import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { aClearing, anAuditedLock } from "../../test/support/audited-lock.ts";
import type { TargetLock } from "../api/target-lock.ts";
import type { AppendOutcome } from "./append.ts";
import { aScene, offerAll, pending } from "./testing/flusher-scene.ts";

function aLock(uid: string, last = 1): TargetLock {
  const cleared = Array.from({ length: last }, (_, index) => aClearing(index + 1));
  return anAuditedLock({ uid, name: uid, resourceVersion: String(last), audit: { pending: cleared } });
}

describe("the flusher", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
  });
  afterEach(() => {
    mock.timers.reset();
  });

  it("does nothing while somebody offers, and then sends all that was offered in one batch", async () => {
    const { flusher, batches, settle } = aScene();
    offerAll(flusher, pending("a", 1), pending("b", 1), pending("a", 2));
    assert.deepEqual(batches(), []);
    await settle();
    assert.deepEqual(batches(), ["a1 a2 b1"]);
  });

  it("gives the receipt and says whose it is, with the time of the API server's clock", async () => {
    const { flusher, said, settle, succeed } = aScene();
    offerAll(flusher, pending("a", 2));
    await settle();
    assert.equal(flusher.receipt("a"), undefined);
    await succeed();
    assert.deepEqual(flusher.receipt("a"), { ordinal: 2, at: "2026-03-01T10:00:09.000Z", seq: 2, hash: "h" });
    assert.deepEqual(said, ["recorded 2", "receipt execution remediation/a"]);
    assert.equal(flusher.backlog().events, 0);
  });

  it("sends one batch after another, each of about the size that was asked for", async () => {
    const { flusher, batches, settle, succeed } = aScene({ batchSize: 2 });
    offerAll(flusher, pending("a", 1), pending("b", 2), pending("c", 1));
    await settle();
    assert.deepEqual(batches(), ["a1 b1 b2"]);
    await succeed();
    assert.deepEqual(batches(), ["a1 b1 b2", "c1"]);
    await succeed();
    offerAll(flusher, pending("d", 1));
    await settle();
    assert.deepEqual(batches(), ["a1 b1 b2", "c1", "d1"], "it starts again after it had nothing to do");
  });

  it("sends the same again after a failure, later each time, with what came meanwhile", async () => {
    const { flusher, said, batches, settle, fail, succeed } = aScene();
    offerAll(flusher, pending("a", 1));
    await settle();
    await fail();
    offerAll(flusher, pending("b", 1));
    mock.timers.tick(999);
    await settle();
    assert.deepEqual(batches(), ["a1"]);
    mock.timers.tick(1);
    await settle();
    assert.deepEqual(batches(), ["a1", "a1 b1"]);
    await fail();
    mock.timers.tick(2_000);
    await settle();
    await succeed();
    offerAll(flusher, pending("c", 1));
    await settle();
    await fail();
    assert.deepEqual(said, [
      "failure 1: server is gone, again in 1000",
      "failure 2: server is gone, again in 2000",
      "recorded 2",
      "receipt execution remediation/a",
      "receipt execution remediation/b",
      "failure 1: server is gone, again in 1000",
    ]);
  });

  it("prepares the database before the first event, as often as it takes, then never again", async () => {
    let attempts = 0;
    const { flusher, batches, said, settle, succeed } = aScene({
      prepare: () => (++attempts < 2 ? Promise.reject(new Error("not yet")) : Promise.resolve()),
    });
    offerAll(flusher, pending("a", 1));
    await settle();
    assert.deepEqual([batches(), said], [[], ["failure 1: not yet, again in 1000"]]);
    mock.timers.tick(1_000);
    await settle();
    await succeed();
    offerAll(flusher, pending("b", 1));
    await settle();
    assert.deepEqual([attempts, batches()], [2, ["a1", "b1"]]);
  });

  it("reports a refused event, goes on with others, and stays quiet about it until the execution changes", async () => {
    const { flusher, said, settle } = aScene({
      append: (rows) =>
        Promise.resolve(
          new Map(
            rows.map((row): [string, AppendOutcome] => [
              row.event_id,
              row.wfe_name === "a" && row.ordinal === 2
                ? { kind: "refused", reason: "other content" }
                : { kind: "recorded", seq: row.ordinal, hash: "h" },
            ]),
          ),
        ),
    });
    offerAll(flusher, pending("a", 3), pending("b", 1));
    await settle();
    const firstTime = [
      "recorded 3",
      "refused execution remediation/a 2: other content",
      "receipt execution remediation/a",
      "receipt execution remediation/b",
    ];
    assert.deepEqual(said, firstTime);
    assert.equal(flusher.receipt("a")?.ordinal, 1);
    assert.deepEqual(flusher.backlog(), { events: 2, objects: 1, refused: 1, oldestAt: "2026-03-01T10:00:00Z" });
    offerAll(flusher, pending("a", 3));
    await settle();
    assert.deepEqual(said, firstTime);
  });

  it("serves locks and executions in one batch, and says of each receipt whose it is", async () => {
    const { flusher, said, batches, settle, succeed } = aScene();
    offerAll(flusher, pending("a", 1));
    flusher.offerLock(aLock("l", 2));
    await settle();
    await succeed();
    assert.deepEqual(
      [batches(), said],
      [["a1 l1 l2"], ["recorded 3", "receipt execution remediation/a", "receipt lock l"]],
    );
    assert.deepEqual(flusher.receipt("l"), { ordinal: 2, at: "2026-03-01T10:00:09.000Z", seq: 3, hash: "h" });
  });

  it("says of a refused event of a lock that it is the lock's", async () => {
    const { flusher, said, settle } = aScene({
      append: (rows) =>
        Promise.resolve(
          new Map(
            rows.map((row): [string, AppendOutcome] => [
              row.event_id,
              row.namespace === ""
                ? { kind: "refused", reason: "other content" }
                : { kind: "recorded", seq: 1, hash: "h" },
            ]),
          ),
        ),
    });
    offerAll(flusher, pending("a", 1));
    flusher.offerLock(aLock("l"));
    await settle();
    assert.deepEqual(said, ["recorded 1", "receipt execution remediation/a", "refused lock l 1: other content"]);
    assert.equal(flusher.receipt("l"), undefined);
  });

  it("forgets executions and locks that are gone", async () => {
    const { flusher, batches, settle, succeed } = aScene();
    offerAll(flusher, pending("a", 1), pending("b", 1));
    for (const uid of ["l", "m"]) flusher.offerLock(aLock(uid));
    for (const uid of ["a", "l"]) flusher.forget(uid);
    await settle();
    assert.deepEqual(batches(), ["b1 m1"]);
    await succeed();
    for (const uid of ["b", "m"]) flusher.forget(uid);
    assert.deepEqual([flusher.receipt("b"), flusher.receipt("m")], [undefined, undefined]);
  });

  describe("when it is stopped", () => {
    it("records what is left", async () => {
      const { flusher, batches, settle, succeed } = aScene({ batchSize: 1 });
      offerAll(flusher, pending("a", 1), pending("b", 1));
      const stopped = flusher.stop(5_000);
      await settle();
      await succeed();
      await succeed();
      assert.deepEqual(await stopped, { events: 0, objects: 0, refused: 0 });
      assert.deepEqual(batches(), ["a1", "b1"]);
    });

    it("tries once more and not again where it was waiting after a failure", async () => {
      const { flusher, batches, settle, fail } = aScene();
      offerAll(flusher, pending("a", 1));
      await settle();
      await fail();
      const stopped = flusher.stop(5_000);
      await settle();
      await fail();
      assert.equal((await stopped).events, 1);
      assert.deepEqual(batches(), ["a1", "a1"]);
    });

    it("gives up at its limit where the database is silent, and says nothing any more", async () => {
      const { flusher, said, batches, settle, succeed } = aScene({ batchSize: 1 });
      offerAll(flusher, pending("a", 1), pending("b", 1));
      await settle();
      const stopped = flusher.stop(5_000);
      mock.timers.tick(5_000);
      assert.equal((await stopped).events, 2);
      await succeed();
      offerAll(flusher, pending("c", 1));
      flusher.offerLock(aLock("l"));
      await settle();
      assert.deepEqual([batches(), said], [["a1"], []]);
      assert.equal(flusher.backlog().events, 2, "it takes nothing any more");
    });

    it("stops at once where nothing is left", async () => {
      const { flusher } = aScene();
      assert.deepEqual(await flusher.stop(5_000), { events: 0, objects: 0, refused: 0 });
    });
  });
});
