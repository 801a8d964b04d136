import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, it } from "node:test";
import { settle, SteppedTimers } from "./testing/stepped-timers.ts";
import { createWorkQueue, type WorkQueue } from "./work-queue.ts";

interface Fixture {
  readonly queue: WorkQueue;
  readonly timers: SteppedTimers;
  /** What the hooks told. */
  readonly told: string[];
}

const never = new AbortController().signal;

function aQueue(random = 1): Fixture {
  const timers = new SteppedTimers();
  const told: string[] = [];
  const hooks = {
    onQueued: () => told.push("queued"),
    onRetry: () => told.push("retry"),
    onTaken: (seconds: number) => told.push(`taken after ${seconds.toString()} s`),
  };
  const backoff = { baseMs: 100, maxMs: 1000, jitter: "full" as const };
  return { queue: createWorkQueue({ timers, random: () => random, backoff, hooks }), timers, told };
}

/** Takes all keys that can be had now, without saying that they are done. */
async function takeAll(queue: WorkQueue): Promise<string[]> {
  const keys: string[] = [];
  while (queue.depth() > 0) keys.push((await queue.take(never)) ?? "nothing");
  return keys;
}

/** The milliseconds until the key is queued. */
async function delayOf(act: () => void, { queue, timers }: Fixture): Promise<number> {
  const from = timers.now();
  act();
  while (queue.depth() === 0) await timers.step((timers.nextDueAt() ?? NaN) - timers.now());
  for (const key of await takeAll(queue)) queue.done(key);
  return timers.now() - from;
}

describe("a work queue", () => {
  it("hands out keys in the order in which they were added, each once", async () => {
    const { queue } = aQueue();
    for (const key of ["a", "b", "a", "c", "b"]) queue.add(key);
    assert.equal(queue.depth(), 3);
    assert.deepEqual(await takeAll(queue), ["a", "b", "c"]);
  });

  it("hands a new key to the worker that has waited longest", async () => {
    const { queue } = aQueue();
    const first = queue.take(never);
    const second = queue.take(never);
    queue.add("a");
    queue.add("b");
    assert.deepEqual([await first, await second], ["a", "b"]);
    assert.equal(queue.depth(), 0);
  });

  it("doesn't hand out a key that is being worked on, but again when it is done", async () => {
    const { queue } = aQueue();
    queue.add("a");
    await queue.take(never);
    queue.add("a");
    queue.add("a");
    assert.equal(queue.depth(), 0);
    queue.done("a");
    assert.deepEqual(await takeAll(queue), ["a"]);
    queue.done("a");
    assert.equal(queue.depth(), 0);
  });

  it("lets others go first when a key comes again after its work", async () => {
    const { queue } = aQueue();
    for (const key of ["a", "b", "c"]) queue.add(key);
    await queue.take(never);
    queue.add("a");
    queue.done("a");
    assert.deepEqual(await takeAll(queue), ["b", "c", "a"]);
  });

  it("gives a key that comes again to a waiting worker", async () => {
    const { queue } = aQueue();
    queue.add("a");
    await queue.take(never);
    const waiting = queue.take(never);
    queue.add("a");
    queue.done("a");
    assert.equal(await waiting, "a");
  });

  it("refuses done for a key that nobody took", () => {
    const { queue } = aQueue();
    assert.throws(() => {
      queue.done("a");
    }, /nobody took it/);
    queue.add("a");
    assert.throws(() => {
      queue.done("a");
    }, /nobody took it/);
  });

  it("tells its hooks what was queued, retried and how long it waited", async () => {
    const { queue, timers, told } = aQueue();
    queue.add("a");
    queue.add("a");
    await timers.step(1500);
    await queue.take(never);
    queue.add("a");
    await timers.step(500);
    queue.done("a");
    await queue.take(never);
    queue.addRateLimited("b");
    assert.deepEqual(told, ["queued", "taken after 1.5 s", "queued", "taken after 0.5 s", "retry"]);
  });
});

describe("take", () => {
  it("gives undefined when its signal aborts, and the next key to the next worker", async () => {
    const { queue } = aQueue();
    const abort = new AbortController();
    const aborted = queue.take(abort.signal);
    const waiting = queue.take(never);
    abort.abort();
    queue.add("a");
    assert.deepEqual([await aborted, await waiting], [undefined, "a"]);
  });

  it("takes nothing where its signal is aborted already", async () => {
    const { queue } = aQueue();
    queue.add("a");
    assert.equal(await queue.take(AbortSignal.abort()), undefined);
    assert.equal(queue.depth(), 1);
  });

  it("leaves no listener on its signal", async () => {
    const { queue } = aQueue();
    const { signal } = new AbortController();
    for (let i = 0; i < 50; i += 1) {
      const taking = queue.take(signal);
      queue.add("a");
      queue.done((await taking) ?? "nothing");
    }
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });
});

describe("addAfter", () => {
  it("queues the key when the time has passed, not before", async () => {
    const { queue, timers } = aQueue();
    queue.addAfter("a", 100);
    await timers.step(99);
    assert.equal(queue.depth(), 0);
    await timers.step(1);
    assert.equal(queue.depth(), 1);
  });

  for (const order of [
    [50, 100],
    [100, 50],
  ]) {
    it(`keeps the earliest of ${order.join(" and ")} ms, and one timer`, async () => {
      const fixture = aQueue();
      const waited = await delayOf(() => {
        for (const ms of order) fixture.queue.addAfter("a", ms);
        assert.equal(fixture.timers.pending(), 1);
      }, fixture);
      assert.equal(waited, 50);
      await fixture.timers.step(1000);
      assert.equal(fixture.queue.depth(), 0);
    });
  }

  it("queues at once where the time is over already", () => {
    const { queue } = aQueue();
    queue.addAfter("a", 0);
    queue.addAfter("b", -5);
    assert.equal(queue.depth(), 2);
  });

  it("stays when the key is worked on before", async () => {
    const { queue, timers } = aQueue();
    queue.addAfter("a", 100);
    queue.add("a");
    queue.done((await queue.take(never)) ?? "nothing");
    await timers.step(100);
    assert.equal(queue.depth(), 1);
  });

  it("waits for the worker that has the key when its time comes", async () => {
    const { queue, timers } = aQueue();
    queue.add("a");
    await queue.take(never);
    queue.addAfter("a", 100);
    await timers.step(100);
    assert.equal(queue.depth(), 0);
    queue.done("a");
    assert.equal(queue.depth(), 1);
  });

  for (const delay of [NaN, Infinity]) {
    it(`refuses a delay of ${delay.toString()}`, () => {
      const { queue } = aQueue();
      assert.throws(() => {
        queue.addAfter("a", delay);
      }, RangeError);
    });
  }
});

describe("addRateLimited", () => {
  it("doubles the key's delay up to the cap, until the key is forgotten", async () => {
    const fixture = aQueue();
    const delays: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      delays.push(
        await delayOf(() => {
          fixture.queue.addRateLimited("a");
        }, fixture),
      );
    }
    assert.deepEqual(delays, [100, 200, 400, 800, 1000, 1000]);
    fixture.queue.forget("a");
    const afterwards = await delayOf(() => {
      fixture.queue.addRateLimited("a");
    }, fixture);
    assert.equal(afterwards, 100);
  });

  it("counts each key for itself", async () => {
    const fixture = aQueue();
    await delayOf(() => {
      fixture.queue.addRateLimited("a");
    }, fixture);
    const other = await delayOf(() => {
      fixture.queue.addRateLimited("b");
    }, fixture);
    assert.equal(other, 100);
  });

  it("waits at least as long as it is told to", async () => {
    const fixture = aQueue(0);
    const waited = await delayOf(() => {
      fixture.queue.addRateLimited("a", 5000);
    }, fixture);
    assert.equal(waited, 5000);
  });
});

describe("shutdown", () => {
  it("ends waiting takes, drops what waits, takes nothing more and leaves no timer behind", async () => {
    const { queue, timers } = aQueue();
    queue.addAfter("later", 100);
    queue.addRateLimited("retry");
    queue.shutdown();
    queue.add("a");
    queue.addAfter("b", 100);
    queue.addRateLimited("c");
    assert.equal(timers.pending(), 0);
    assert.equal(queue.depth(), 0);
    assert.equal(await queue.take(never), undefined);
  });

  it("wakes the workers that wait", async () => {
    const { queue } = aQueue();
    const waiting = [queue.take(never), queue.take(never)];
    queue.shutdown();
    assert.deepEqual(await Promise.all(waiting), [undefined, undefined]);
  });

  it("lets a running worker be done, and doesn't queue its key again", async () => {
    const { queue } = aQueue();
    queue.add("a");
    await queue.take(never);
    queue.add("a");
    queue.shutdown();
    queue.done("a");
    await settle();
    assert.equal(queue.depth(), 0);
  });
});
