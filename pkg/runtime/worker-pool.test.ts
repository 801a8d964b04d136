import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, it } from "node:test";
import { ApiError } from "./api-error.ts";
import { settle, SteppedTimers } from "./testing/stepped-timers.ts";
import { createWorkQueue, type WorkQueue } from "./work-queue.ts";
import { type ReconcileResult, runWorkers } from "./worker-pool.ts";

/** One call of reconcile that waits for the test to end it. */
interface Call {
  readonly key: string;
  readonly signal: AbortSignal;
  readonly succeed: (result: ReconcileResult) => void;
  readonly fail: (error: Error) => void;
}

interface Pool {
  readonly queue: WorkQueue;
  readonly timers: SteppedTimers;
  readonly calls: Call[];
  readonly stop: AbortController;
  readonly ended: Promise<readonly string[]>;
  /** What the hooks told. */
  readonly told: string[];
}

function aPool(workers = 1): Pool {
  const timers = new SteppedTimers();
  const backoff = { baseMs: 100, maxMs: 1000, jitter: "full" as const };
  const queue = createWorkQueue({ timers, random: () => 1, backoff });
  const calls: Call[] = [];
  const told: string[] = [];
  const hooks = {
    onReconciled: (outcome: string, seconds: number) => told.push(`${outcome} after ${seconds.toString()} s`),
    onError: (key: string, error: unknown) => told.push(`${key}: ${String(error)}`),
  };
  const stop = new AbortController();
  const ended = runWorkers({ queue, reconcile, workers, timers, graceMs: 5000, hooks }, stop.signal);
  return { queue, timers, calls, stop, ended, told };

  function reconcile(key: string, signal: AbortSignal): Promise<ReconcileResult> {
    const { promise, resolve, reject } = Promise.withResolvers<ReconcileResult>();
    calls.push({ key, signal, succeed: resolve, fail: reject });
    return promise;
  }
}

function succeedAtOnce(): Promise<ReconcileResult> {
  return Promise.resolve({});
}

/** The nth reconcile call, as soon as it can have been made. */
async function call(pool: Pool, n: number): Promise<Call> {
  await settle();
  const found = pool.calls[n];
  assert.ok(found !== undefined, `reconcile was called ${pool.calls.length.toString()} times only`);
  return found;
}

/** Milliseconds until reconcile is called again. */
async function delayToNextCall({ timers, calls }: Pool): Promise<number> {
  const from = timers.now();
  const before = calls.length;
  await settle();
  while (calls.length === before) {
    const dueAt = timers.nextDueAt();
    assert.ok(dueAt !== undefined, "reconcile will never be called again");
    await timers.step(dueAt - timers.now());
  }
  return timers.now() - from;
}

describe("runWorkers", () => {
  it("works on as many keys at a time as there are workers", async () => {
    const pool = aPool(2);
    for (const key of ["a", "b", "c"]) pool.queue.add(key);
    await settle();
    assert.deepEqual(
      pool.calls.map(({ key }) => key),
      ["a", "b"],
    );
    (await call(pool, 1)).succeed({});
    assert.equal((await call(pool, 2)).key, "c");
  });

  it("does nothing more for a key that succeeded", async () => {
    const pool = aPool();
    pool.queue.add("a");
    await pool.timers.step(0);
    await pool.timers.step(250);
    (await call(pool, 0)).succeed({});
    await settle();
    assert.deepEqual(pool.told, ["success after 0.25 s"]);
    assert.equal(pool.timers.pending(), 0);
    assert.equal(pool.queue.depth(), 0);
  });

  it("works on a key again after the time that its result asks for", async () => {
    const pool = aPool();
    pool.queue.add("a");
    (await call(pool, 0)).succeed({ requeueAfterMs: 30_000 });
    assert.equal(await delayToNextCall(pool), 30_000);
    assert.deepEqual(pool.told, ["requeueAfter after 0 s"]);
  });

  it("retries a key that failed, ever more slowly, until it succeeds", async () => {
    const pool = aPool();
    pool.queue.add("a");
    const delays: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      (await call(pool, i)).fail(new Error("no answer"));
      delays.push(await delayToNextCall(pool));
    }
    (await call(pool, 3)).succeed({ requeueAfterMs: 1 });
    await delayToNextCall(pool);
    (await call(pool, 4)).fail(new Error("no answer"));
    delays.push(await delayToNextCall(pool));
    assert.deepEqual(delays, [100, 200, 400, 100]);
    assert.deepEqual(pool.told.slice(0, 2), ["a: Error: no answer", "error after 0 s"]);
  });

  it("obeys Retry-After", async () => {
    const pool = aPool();
    pool.queue.add("a");
    (await call(pool, 0)).fail(new ApiError("busy", { kind: "unknown", code: 429, retryAfterMs: 7000 }));
    assert.equal(await delayToNextCall(pool), 7000);
  });

  it("takes an impossible delay in a result for a failure", async () => {
    const pool = aPool();
    pool.queue.add("a");
    (await call(pool, 0)).succeed({ requeueAfterMs: NaN });
    assert.equal(await delayToNextCall(pool), 100);
    (await call(pool, 1)).succeed({ requeueAfterMs: NaN });
    assert.equal(await delayToNextCall(pool), 200);
  });

  it("goes on after a reconcile that throws instead of rejecting", async () => {
    const { queue, timers } = aPool(0);
    const keys: string[] = [];
    const stop = new AbortController();
    const ended = runWorkers({ queue, reconcile, workers: 1, timers, graceMs: 0 }, stop.signal);
    queue.add("bad");
    queue.add("good");
    await settle();
    assert.deepEqual(keys, ["bad", "good"]);
    stop.abort();
    await ended;

    function reconcile(key: string): Promise<ReconcileResult> {
      keys.push(key);
      if (key === "bad") throw new TypeError("bug");
      return succeedAtOnce();
    }
  });

  it("works on a key again that was added while it was worked on", async () => {
    const pool = aPool(2);
    pool.queue.add("a");
    const first = await call(pool, 0);
    pool.queue.add("a");
    await settle();
    assert.equal(pool.calls.length, 1);
    first.succeed({});
    assert.equal((await call(pool, 1)).key, "a");
  });

  it("rejects where a hook throws, rather than go on with a worker less", async () => {
    const { queue, timers } = aPool(0);
    const hooks = {
      onReconciled: () => {
        throw new Error("broken hook");
      },
    };
    const { signal } = new AbortController();
    queue.add("a");
    const options = { queue, reconcile: succeedAtOnce, workers: 3, timers, graceMs: 0, hooks };
    await assert.rejects(runWorkers(options, signal), /broken hook/);
  });
});

describe("runWorkers, when it is stopped", () => {
  it("ends at once where nothing runs, and leaves neither timer nor listener behind", async () => {
    const pool = aPool(20);
    await settle();
    pool.stop.abort();
    assert.deepEqual(await pool.ended, []);
    assert.equal(pool.timers.pending(), 0);
    assert.equal(getEventListeners(pool.stop.signal, "abort").length, 0);
  });

  it("takes no new key and waits for the running ones", async () => {
    const pool = aPool();
    pool.queue.add("a");
    pool.queue.add("b");
    const running = await call(pool, 0);
    pool.stop.abort();
    await pool.timers.step(4999);
    assert.equal(running.signal.aborted, false);
    running.succeed({});
    assert.deepEqual(await pool.ended, []);
    assert.equal(pool.calls.length, 1);
    assert.equal(pool.timers.pending(), 0);
  });

  it("abandons what still runs after the grace time, and drops what comes of it", async () => {
    const pool = aPool(2);
    pool.queue.add("a");
    pool.queue.add("b");
    (await call(pool, 0)).succeed({});
    const hanging = await call(pool, 1);
    pool.stop.abort();
    await pool.timers.step(5000);
    assert.deepEqual(await pool.ended, ["b"]);
    assert.equal(hanging.signal.aborted, true);
    hanging.fail(new Error("aborted"));
    await settle();
    assert.deepEqual(pool.told, ["success after 0 s"]);
    assert.equal(pool.timers.pending(), 0);
  });

  it("ends where the queue is shut down too", async () => {
    const pool = aPool(3);
    await settle();
    pool.queue.shutdown();
    assert.deepEqual(await pool.ended, []);
  });

  it("begins nothing where it was stopped before", async () => {
    const { queue, timers } = aPool(0);
    queue.add("a");
    const ended = runWorkers(
      { queue, reconcile: succeedAtOnce, workers: 1, timers, graceMs: 1000 },
      AbortSignal.abort(),
    );
    assert.deepEqual(await ended, []);
    assert.equal(queue.depth(), 1);
    assert.equal(timers.pending(), 0);
  });
});
