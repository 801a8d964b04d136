import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settle, SteppedTimers } from "../runtime/testing/stepped-timers.ts";
import { createTokenBucket, type RateLimiter } from "./token-bucket.ts";

void describe("the rate limit", () => {
  it("lets a burst through at once, then one request every 1/qps, in order", async () => {
    const timers = new SteppedTimers();
    const left = takeMany(createTokenBucket({ qps: 10, burst: 3 }, timers), 6);
    await settle();
    assert.deepEqual(left, [0, 1, 2]);
    await timers.step(99);
    assert.deepEqual(left, [0, 1, 2]);
    await timers.step(1);
    assert.deepEqual(left, [0, 1, 2, 3]);
    await timers.step(200);
    assert.deepEqual(left, [0, 1, 2, 3, 4, 5]);
  });

  it("fills up again while nothing is asked, but never beyond the burst", async () => {
    const timers = new SteppedTimers();
    const limiter = createTokenBucket({ qps: 10, burst: 2 }, timers);
    takeMany(limiter, 2);
    await timers.step(60_000);
    const left = takeMany(limiter, 3);
    await settle();
    assert.deepEqual(left, [0, 1]);
  });

  it("lets go of a request that is aborted while it waits, or was before", async () => {
    const timers = new SteppedTimers();
    const limiter = createTokenBucket({ qps: 1, burst: 1 }, timers);
    await limiter.take();
    const controller = new AbortController();
    const waiting = limiter.take(controller.signal);
    controller.abort(new Error("stopping"));
    await assert.rejects(waiting, /stopping/);
    await assert.rejects(limiter.take(controller.signal), /stopping/);
    assert.equal(timers.pending(), 0);
  });
});

/** Asks `count` times at once; the list shows who has left so far. */
function takeMany(limiter: RateLimiter, count: number): readonly number[] {
  const left: number[] = [];
  for (let i = 0; i < count; i += 1) {
    void limiter.take().then(() => left.push(i));
  }
  return left;
}
