import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, it } from "node:test";
import { ApiError } from "./api-error.ts";
import { followWatch, SilentWatch } from "./follow-watch.ts";
import { createStore, type Store } from "./store.ts";
import { ScriptedSource } from "./testing/scripted-source.ts";
import { settle, SteppedTimers } from "./testing/stepped-timers.ts";
import { aBookmark, aThing, type Thing } from "./testing/stored-thing.ts";

interface Following {
  readonly source: ScriptedSource<Thing>;
  readonly store: Store<Thing, Thing>;
  readonly timers: SteppedTimers;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

function follow(): Following {
  const source = new ScriptedSource<Thing>();
  const store = createStore({ project: (thing: Thing) => thing, indices: {} });
  store.replaceAll([], "5");
  const timers = new SteppedTimers();
  const abort = new AbortController();
  const ended = followWatch({ source, store, timers, silenceMs: 1000 }, "5", abort.signal);
  ended.catch(() => undefined);
  return { source, store, timers, abort, ended };
}

/** Nothing of the watch is left: its connection was told to close, its timer and its listener are gone. */
function assertLetGo({ source, timers, abort }: Following): void {
  assert.equal(source.watching().query.signal.aborted, true);
  assert.equal(source.watching().returned, true);
  assert.equal(timers.pending(), 0);
  assert.equal(getEventListeners(abort.signal, "abort").length, 0);
}

describe("followWatch", () => {
  it("watches from the given version, feeds the store and ends when the server closes", async () => {
    const following = follow();
    assert.equal(following.source.watching().query.resourceVersion, "5");
    following.source.watching().send({ type: "ADDED", object: aThing("a", 6) });
    following.source.watching().send({ type: "MODIFIED", object: aThing("a", 7) });
    following.source.watching().send(aBookmark(8));
    following.source.watching().close();
    await following.ended;
    assert.deepEqual(following.store.list(), [aThing("a", 7)]);
    assert.equal(following.store.lastSeen(), "8");
    assertLetGo(following);
  });

  it("asks for the next event only when the one before is in the store", async () => {
    const { source, store } = follow();
    const asked: number[] = [];
    store.subscribe(() => asked.push(source.watching().asked));
    for (let version = 6; version < 9; version += 1) {
      source.watching().send({ type: "ADDED", object: aThing("a", version) });
    }
    await settle();
    assert.deepEqual(asked, [1, 2, 3]);
    assert.equal(source.watching().asked, 4);
  });

  it("gives up a watch that is silent for too long, though it doesn't react to its signal", async () => {
    const following = follow();
    await following.timers.step(999);
    following.source.watching().send(aBookmark(6));
    await following.timers.step(999);
    assert.equal(following.source.watching().query.signal.aborted, false);
    await following.timers.step(1);
    await assert.rejects(following.ended, SilentWatch);
    assertLetGo(following);
  });

  it("ends at once when the signal aborts, though the watch doesn't react to its own", async () => {
    const following = follow();
    following.abort.abort(new Error("stopped"));
    await assert.rejects(following.ended, /stopped/);
    assertLetGo(following);
  });

  it("opens nothing that lasts where the signal is aborted already", async () => {
    const { source, store, timers } = follow();
    const late = followWatch({ source, store, timers, silenceMs: 1000 }, "5", AbortSignal.abort(new Error("stopped")));
    await assert.rejects(late, /stopped/);
    assert.equal(source.watching().returned, true);
  });

  it("passes on what the watch threw", async () => {
    const following = follow();
    following.source.watching().fail(new ApiError("reset", { kind: "unknown", code: 0 }));
    await assert.rejects(following.ended, /reset/);
    assertLetGo(following);
  });

  it("passes on what opening the watch threw, and leaves nothing behind", async () => {
    const { store, timers } = follow();
    const { signal } = new AbortController();
    const source = new ScriptedSource<Thing>();
    source.watch = () => {
      throw new Error("no route");
    };
    await assert.rejects(followWatch({ source, store, timers, silenceMs: 1000 }, "5", signal), /no route/);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });

  it("passes on a store's refusal of an event", async () => {
    const following = follow();
    following.source.watching().send({ type: "BOOKMARK", object: { metadata: {} } });
    await assert.rejects(following.ended, /no comparable resourceVersion/);
    assertLetGo(following);
  });
});

describe("the ERROR event of a watch", () => {
  const cases = {
    "with code 410 says that the version expired": {
      status: { code: 410, reason: "Expired", message: "too old resource version" },
      facts: { kind: "expired", code: 410, reason: "Expired" },
    },
    "with another code may pass, in the time that the server asks for": {
      status: { code: 429, reason: "TooManyRequests", details: { retryAfterSeconds: 3 } },
      facts: { kind: "unknown", code: 429, reason: "TooManyRequests", retryAfterMs: 3000 },
    },
    "without a code counts as an error of the server": { status: {}, facts: { kind: "unknown", code: 500 } },
  };
  for (const [name, { status, facts }] of Object.entries(cases)) {
    it(name, async () => {
      const { source, ended } = follow();
      source.watching().send({ type: "ERROR", object: status });
      await assert.rejects(ended, (error: unknown) => {
        assert.ok(error instanceof ApiError);
        assert.deepEqual(error.facts, facts);
        return true;
      });
    });
  }
});
