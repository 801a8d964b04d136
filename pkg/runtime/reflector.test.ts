import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ApiError } from "./api-error.ts";
import { createReflector, type Reflector } from "./reflector.ts";
import { createStore, type Store } from "./store.ts";
import { ScriptedSource } from "./testing/scripted-source.ts";
import { settle, SteppedTimers } from "./testing/stepped-timers.ts";
import { aBookmark, aThing, type Thing } from "./testing/stored-thing.ts";

const settings = {
  silenceMs: 60_000,
  healthyAfterMs: 1000,
  maxFailedResumes: 3,
  backoff: { baseMs: 1000, maxMs: 8000, jitter: "full" as const },
};

interface Running {
  readonly source: ScriptedSource<Thing>;
  readonly store: Store<Thing, Thing>;
  readonly timers: SteppedTimers;
  readonly abort: AbortController;
  readonly reflector: Reflector;
  readonly ended: Promise<void>;
  /** What the hooks told. */
  readonly told: string[];
}

/** Runs with the longest delay that the jitter allows: 1 s, 2 s, 4 s, 8 s, 8 s … */
async function run(): Promise<Running> {
  const source = new ScriptedSource<Thing>();
  const store = createStore({ project: (thing: Thing) => thing, indices: {} });
  const timers = new SteppedTimers();
  const told: string[] = [];
  const hooks = { onRestart: (reason: string) => told.push(reason), onSynced: () => told.push("synced") };
  const reflector = createReflector({ source, store, timers, random: () => 1, hooks, settings });
  const abort = new AbortController();
  const ended = reflector.run(abort.signal);
  await settle();
  return { source, store, timers, abort, reflector, ended, told };
}

/** Runs and lists one object at version 5. */
async function runSynced(): Promise<Running> {
  const running = await run();
  running.source.list().answer({ items: [aThing("a", 3)], resourceVersion: "5" });
  await settle();
  return running;
}

function requests({ source }: Running): { lists: number; watches: number } {
  return { lists: source.lists.length, watches: source.watches.length };
}

function anError(code: number, retryAfterMs?: number): ApiError {
  const kind = code === 410 ? "expired" : "unknown";
  return new ApiError("refused", { kind, code, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

/** Steps until the next request and gives the milliseconds that it took. */
async function delayToNextRequest(running: Running): Promise<number> {
  const before = JSON.stringify(requests(running));
  const from = running.timers.now();
  await settle();
  while (JSON.stringify(requests(running)) === before) {
    const dueAt = running.timers.nextDueAt();
    assert.ok(dueAt !== undefined, "nothing will ever be requested again");
    await running.timers.step(dueAt - running.timers.now());
  }
  return running.timers.now() - from;
}

describe("a reflector", () => {
  it("lists 500 objects a page, then watches from the list's version", async () => {
    const running = await runSynced();
    assert.equal(running.source.list().query.limit, 500);
    assert.equal(running.source.watching().query.resourceVersion, "5");
    running.source.watching().send({ type: "ADDED", object: aThing("b", 6) });
    await settle();
    assert.deepEqual(running.store.list(), [aThing("a", 3), aThing("b", 6)]);
  });

  it("is synced after the first complete list", async () => {
    const running = await run();
    running.source.list().answer({ items: [], resourceVersion: "5", continue: "more" });
    await settle();
    assert.equal(running.reflector.isSynced(), false);
    running.source.list().answer({ items: [], resourceVersion: "5" });
    assert.equal(await running.reflector.synced, true);
    assert.equal(running.reflector.isSynced(), true);
    assert.deepEqual(running.told, ["synced"]);
  });

  it("tells that it synced once only, and stays synced while it lists again", async () => {
    const running = await runSynced();
    running.source.watching().fail(anError(410));
    await delayToNextRequest(running);
    assert.equal(running.reflector.isSynced(), true);
    running.source.list().answer({ items: [], resourceVersion: "9" });
    await settle();
    assert.deepEqual(running.told, ["synced", "expired"]);
  });

  it("tries the first list until it succeeds, with growing delays up to the cap", async () => {
    const running = await run();
    const delays: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      running.source.list().fail(anError(503));
      delays.push(await delayToNextRequest(running));
    }
    assert.deepEqual(delays, [1000, 2000, 4000, 8000, 8000, 8000]);
    assert.deepEqual(requests(running), { lists: 7, watches: 0 });
  });

  it("starts the list again where its continue token expired", async () => {
    const running = await run();
    running.source.list().answer({ items: [aThing("a", 3)], resourceVersion: "5", continue: "more" });
    await settle();
    running.source.list().fail(anError(410));
    await delayToNextRequest(running);
    assert.equal(running.source.list().query.continue, undefined);
    running.source.list().answer({ items: [aThing("b", 8)], resourceVersion: "9" });
    await settle();
    assert.deepEqual(running.store.list(), [aThing("b", 8)]);
  });

  it("resumes at once, without a list, from the last version told, when a watch that lived is closed", async () => {
    const running = await runSynced();
    running.source.watching().send(aBookmark(50));
    await running.timers.step(1000);
    running.source.watching().close();
    assert.equal(await delayToNextRequest(running), 0);
    assert.equal(running.source.watching().query.resourceVersion, "50");
    assert.deepEqual(requests(running), { lists: 1, watches: 2 });
    assert.deepEqual(running.told, ["synced", "closed"]);
  });

  it("slows down, and never lists, where each watch is closed as soon as it opened", async () => {
    const running = await runSynced();
    const delays: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      running.source.watching().close();
      delays.push(await delayToNextRequest(running));
    }
    assert.deepEqual(delays, [1000, 2000, 4000, 8000, 8000]);
    assert.equal(requests(running).lists, 1);
  });

  const expired: Record<string, (running: Running) => void> = {
    "the server refuses to watch from an old version": ({ source }) => {
      source.watching().fail(anError(410));
    },
    "an ERROR event with code 410 comes": ({ source }) => {
      source.watching().send({ type: "ERROR", object: { code: 410, reason: "Expired" } });
    },
  };
  for (const [name, happen] of Object.entries(expired)) {
    it(`lists again where ${name}`, async () => {
      const running = await runSynced();
      happen(running);
      assert.equal(await delayToNextRequest(running), 1000);
      assert.deepEqual(requests(running), { lists: 2, watches: 1 });
      running.source.list().answer({ items: [aThing("b", 8)], resourceVersion: "9" });
      await settle();
      assert.deepEqual(running.store.list(), [aThing("b", 8)]);
      assert.equal(running.source.watching().query.resourceVersion, "9");
    });
  }

  it("slows down where every list is followed by an expired watch", async () => {
    const running = await runSynced();
    const delays: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      running.source.watching().fail(anError(410));
      delays.push(await delayToNextRequest(running));
      running.source.list().answer({ items: [], resourceVersion: "9" });
      await settle();
    }
    assert.deepEqual(delays, [1000, 2000, 4000, 8000]);
  });

  it("resumes after an error in the stream, and lists only after three failed resumptions in a row", async () => {
    const running = await runSynced();
    for (let i = 0; i < 2; i += 1) {
      running.source.watching().fail(anError(0));
      await delayToNextRequest(running);
    }
    assert.deepEqual(requests(running), { lists: 1, watches: 3 });
    running.source.watching().fail(anError(504));
    await delayToNextRequest(running);
    assert.deepEqual(requests(running), { lists: 2, watches: 3 });
  });

  it("counts failed resumptions anew after a list", async () => {
    const running = await runSynced();
    running.source.watching().fail(anError(410));
    await delayToNextRequest(running);
    for (let i = 0; i < 2; i += 1) {
      running.source.list().fail(anError(503));
      await delayToNextRequest(running);
    }
    running.source.list().answer({ items: [], resourceVersion: "9" });
    await settle();
    running.source.watching().fail(anError(503));
    await delayToNextRequest(running);
    assert.deepEqual(requests(running), { lists: 4, watches: 3 });
  });

  it("forgets earlier failures once a watch lived and told something", async () => {
    const running = await runSynced();
    for (let i = 0; i < 6; i += 1) {
      running.source.watching().send(aBookmark(10 + i));
      await running.timers.step(1000);
      running.source.watching().fail(anError(0));
      assert.equal(await delayToNextRequest(running), 1000);
    }
    assert.deepEqual(requests(running), { lists: 1, watches: 7 });
  });

  it("doesn't take a slow refusal for a watch that lived", async () => {
    const running = await runSynced();
    const delays: number[] = [];
    for (let i = 0; i < 2; i += 1) {
      await running.timers.step(5000);
      running.source.watching().fail(anError(504));
      delays.push(await delayToNextRequest(running));
    }
    assert.deepEqual(delays, [1000, 2000]);
  });

  it("obeys Retry-After, of a watch and of a list, and doesn't answer overload with lists", async () => {
    const running = await runSynced();
    for (let i = 0; i < 5; i += 1) {
      running.source.watching().fail(anError(429, 20_000));
      assert.equal(await delayToNextRequest(running), 20_000);
    }
    assert.equal(requests(running).lists, 1);
    running.source.watching().fail(anError(410));
    await delayToNextRequest(running);
    running.source.list().fail(anError(503, 30_000));
    assert.equal(await delayToNextRequest(running), 30_000);
  });

  it("reconnects a watch that is silent for too long", async () => {
    const running = await runSynced();
    await running.timers.step(59_999);
    assert.deepEqual(running.told, ["synced"]);
    await running.timers.step(1);
    assert.deepEqual(running.told, ["synced", "silent"]);
    assert.equal(running.source.watching().query.signal.aborted, true);
    await delayToNextRequest(running);
    assert.deepEqual(requests(running), { lists: 1, watches: 2 });
  });
});

describe("a reflector that is stopped", () => {
  const states: Record<string, { reach: (running: Running) => Promise<void> | void; synced: boolean }> = {
    "while it lists": { reach: () => undefined, synced: false },
    "while it waits for its next try": {
      reach: async ({ source }) => {
        source.list().fail(anError(503));
        await settle();
      },
      synced: false,
    },
    "while it watches": {
      reach: async ({ source }) => {
        source.list().answer({ items: [], resourceVersion: "5" });
        await settle();
      },
      synced: true,
    },
  };
  for (const [name, { reach, synced }] of Object.entries(states)) {
    it(`${name} ends at once, says whether it ever synced, and leaves no timer behind`, async () => {
      const running = await run();
      await reach(running);
      const before = requests(running);
      running.abort.abort();
      await running.ended;
      assert.equal(await running.reflector.synced, synced);
      assert.equal(running.timers.pending(), 0);
      assert.deepEqual(requests(running), before);
    });
  }
});
