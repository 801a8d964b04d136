import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aSigningKey, aWrittenCheckpoint, hashOf } from "../../../test/support/a-checkpoint.ts";
import { ORIGIN } from "../../../test/support/audited-trail.ts";
import { checkCheckpoint } from "./check-checkpoint.ts";
import { readRecord } from "./checkpoint-record.ts";
import { aScene, begin, end, MINUTE, types, type ATrail } from "./testing/keeper-scene.ts";

describe("the keeper of checkpoints", () => {
  it("notes that a controller has started, with its version and its configuration", async () => {
    const { keeper, timers, notes } = aScene({ policyHash: "ab12" });
    keeper.start();
    await timers.step(0);
    assert.deepEqual(notes, [
      {
        type: "audit.started",
        key: "pod-1/a:",
        at: "2026-03-01T10:00:00Z",
        reason: "ControllerStarted",
        facts: { recorder: "pod-1/a", version: "1.2.3", policyHash: "ab12" },
      },
    ]);
  });

  it("writes where the trail ends, signed, and notes it in the trail", async () => {
    const { privateKey, publicKey } = aSigningKey();
    const scene = aScene({ signingKey: privateKey, policyHash: "ab12" });
    await begin(scene);
    const newest = scene.store.newest() ?? assert.fail("nothing was written");
    const { text, signed, signature, keyId, ...said } = newest;
    assert.deepEqual(said, {
      ...{ origin: ORIGIN, seq: 11, hash: hashOf(11), timeline: "00000001", time: "2026-03-01T10:01:00.000Z" },
      ...{ forks: 0, policyHash: "ab12", isNoted: true },
    });
    assert.ok(text.startsWith(signed) && signature !== undefined);
    assert.equal(checkCheckpoint(newest, [publicKey]), undefined);
    const { type, facts } = scene.notes.at(-1) ?? assert.fail("nothing was noted");
    assert.deepEqual(
      [type, facts["seq"], facts["hash"], facts["keyId"]],
      ["audit.checkpoint", "11", hashOf(11), keyId],
    );
  });

  it("writes nothing more while nothing happens but what it has noted itself", async () => {
    const scene = aScene();
    await begin(scene);
    await scene.timers.step(10 * MINUTE);
    assert.deepEqual(scene.said, ["written 11"]);
    scene.trail.growTo(13);
    await scene.timers.step(10 * MINUTE);
    assert.deepEqual(scene.said, ["written 11", "written 13"]);
  });

  it("is quiet with several controllers too, whichever has written last", async () => {
    const one = aScene();
    const second = aScene({ recorder: "pod-2/b" }, one);
    await begin(one);
    await begin(second);
    for (let minutes = 0; minutes < 5; minutes += 1) for (const { timers } of [one, second]) await timers.step(MINUTE);
    const { length } = one.trail.hashes;
    for (let minutes = 0; minutes < 5; minutes += 1) for (const { timers } of [one, second]) await timers.step(MINUTE);
    assert.equal(one.trail.hashes.length, length);
    assert.equal(one.store.newest()?.seq, length - 1);
  });

  it("looks at all again where another controller was faster", async () => {
    const scene = aScene();
    const { store, trail, said } = scene;
    store.meanwhile = () => {
      store.meanwhile = () => undefined;
      trail.growTo(20);
      store.put({ checkpoint: aWrittenCheckpoint({ seq: 15 }).text });
    };
    await begin(scene);
    assert.deepEqual([said, store.newest()?.seq], [["written 20"], 20]);
  });

  it("gives up for this time where others are faster again and again", async () => {
    const scene = aScene();
    const { store, said } = scene;
    let writes = 0;
    store.meanwhile = () => {
      writes += 1;
      store.put({});
    };
    await begin(scene);
    assert.deepEqual([writes, said], [3, []]);
  });

  it("goes on after failures of PostgreSQL and of the API server, and grows by nothing", async () => {
    const scene = aScene();
    const { trail, store, said, timers, notes } = scene;
    trail.failure = new Error("no database");
    await begin(scene);
    trail.failure = undefined;
    store.failure = new Error("no API server");
    await timers.step(MINUTE);
    store.failure = undefined;
    await timers.step(MINUTE);
    assert.deepEqual(said, ["failure: no database", "failure: no API server", "written 11"]);
    assert.deepEqual([types(notes), timers.pending()], [["audit.started", "audit.checkpoint"], 1]);
  });

  it("tries again soon where it couldn't even begin, and notes its start once", async () => {
    const { store, keeper, timers, notes, said } = aScene();
    store.failure = new Error("no API server");
    keeper.start();
    await timers.step(4_000);
    store.failure = undefined;
    await timers.step(2_000);
    assert.deepEqual([said.length, types(notes)], [3, ["audit.started"]]);
  });

  describe("with what was said before", () => {
    it("tells the trail what it must contain", async () => {
      const scene = aScene();
      scene.store.put({ checkpoint: aWrittenCheckpoint({ seq: 9 }).text });
      await begin(scene);
      assert.deepEqual(scene.expected, [{ seq: 9, hash: hashOf(9) }]);
      assert.deepEqual(scene.said, ["written 11"]);
    });

    it("notes that the configuration is another one, and only then", async () => {
      for (const [before, isChange] of [
        ["ab12", false],
        ["cd34", true],
      ] as const) {
        const scene = aScene({ policyHash: "ab12" });
        scene.store.put({ checkpoint: aWrittenCheckpoint({ seq: 9, policyHash: before }).text });
        await begin(scene);
        const [change] = scene.notes.filter(({ type }) => type === "config.changed");
        assert.equal(change?.facts["before"], isChange ? "cd34" : undefined);
        assert.equal(change?.facts["policyHash"], isChange ? "ab12" : undefined);
      }
    });

    const losses: Readonly<Record<string, (trail: ATrail) => void>> = {
      "was cut": (trail) => (trail.hashes.length = 6),
      "was cut and has gone on otherwise": (trail) => {
        trail.hashes.length = 8;
        trail.growTo(20, true);
      },
      "is another one": (trail) => (trail.origin = ORIGIN.replace("6", "7")),
    };
    for (const [what, lose] of Object.entries(losses)) {
      it(`says so where the trail ${what}, keeps what was lost apart, and counts it`, async () => {
        const scene = aScene();
        const { store, trail, expected, said, timers } = scene;
        store.put({ checkpoint: aWrittenCheckpoint({ seq: 9, forks: 2 }).text });
        lose(trail);
        await begin(scene);
        assert.equal(said[0], "lost 9");
        const forks = scene.notes.filter(({ type }) => type === "chain.fork");
        assert.deepEqual(
          forks.map(({ facts }) => facts["lostSeq"]),
          ["9"],
        );
        assert.deepEqual(expected, [
          { seq: 9, hash: hashOf(9) },
          { seq: 9, hash: hashOf(9) },
        ]);
        const { newest, lost } = readRecord(store.object.data);
        assert.deepEqual([newest?.forks, lost.map(({ seq }) => seq)], [3, [9]]);
        trail.growTo(30, true);
        await timers.step(MINUTE);
        assert.equal(store.newest()?.forks, 3, "one loss is counted once");
      });
    }

    it("finds a cut also where the newest one was made after it", async () => {
      const scene = aScene();
      const { store, trail, said } = scene;
      const [old, lying] = [aWrittenCheckpoint({ seq: 10, hash: hashOf(99) }), aWrittenCheckpoint({ seq: 5 })];
      store.put({ checkpoint: lying.text, "older.2026-03-01T09": old.text });
      trail.growTo(12);
      await begin(scene);
      assert.deepEqual([said[0], scene.expected.at(-1)], ["lost 10", { seq: 10, hash: hashOf(99) }]);
    });

    it("takes a row that was dropped after its time for no loss", async () => {
      const scene = aScene();
      scene.store.put({ checkpoint: aWrittenCheckpoint({ seq: 3 }).text });
      scene.trail.hashes[2] = undefined;
      await begin(scene);
      assert.deepEqual(scene.said, ["written 11"]);
    });

    it("believes nothing that names its key and isn't signed by it, and replaces it", async () => {
      const { privateKey, publicKey } = aSigningKey();
      const scene = aScene({ signingKey: privateKey });
      const lie = aWrittenCheckpoint({ seq: 11 }, privateKey).text.replace("seq: 11", "seq: 99");
      scene.store.put({ checkpoint: lie });
      await begin(scene);
      assert.deepEqual([scene.said, scene.expected], [["forged 99", "forged 99", "written 11"], []]);
      const newest = scene.store.newest() ?? assert.fail("nothing was written");
      assert.equal(checkCheckpoint(newest, [publicKey]), undefined);
    });
  });

  describe("when it is stopped", () => {
    it("notes it and writes a last one, of which no event tells and behind which the next one goes on", async () => {
      const scene = aScene();
      await begin(scene);
      await end(scene);
      assert.deepEqual(types(scene.notes), ["audit.started", "audit.checkpoint", "audit.stopped"]);
      const last = scene.store.newest();
      assert.deepEqual([last?.seq, last?.isNoted, scene.timers.pending()], [13, false, 0]);
      const next = aScene({ recorder: "pod-1/b" }, scene);
      await begin(next);
      assert.equal(next.store.newest()?.seq, 14, "its start alone is worth one");
    });

    it("writes the last one for the event that tells of the one before, too", async () => {
      const scene = aScene();
      await begin(scene);
      const stopped = scene.keeper.stop(2_000);
      await scene.timers.step(0);
      await stopped;
      assert.deepEqual(scene.said, ["written 11", "written 12"]);
    });

    it("does so in time, also where nobody answers", async () => {
      const scene = aScene();
      await begin(scene);
      scene.store.read = () => new Promise(() => undefined);
      const stopped = scene.keeper.stop(2_000);
      await scene.timers.step(2_000);
      await stopped;
      assert.equal(scene.timers.pending(), 0);
    });

    it("does nothing where it had not begun", async () => {
      const scene = aScene();
      scene.store.failure = new Error("no API server");
      scene.keeper.start();
      await scene.timers.step(0);
      scene.store.failure = undefined;
      await end(scene);
      assert.deepEqual([scene.notes, scene.store.newest(), scene.timers.pending()], [[], undefined, 0]);
    });
  });
});
