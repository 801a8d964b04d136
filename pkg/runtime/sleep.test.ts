import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, it } from "node:test";
import { sleep } from "./sleep.ts";
import { SteppedTimers } from "./testing/stepped-timers.ts";

describe("sleep", () => {
  it("ends when the time has passed and leaves neither timer nor listener behind", async () => {
    const timers = new SteppedTimers();
    const { signal } = new AbortController();
    let awake = false;
    const sleeping = sleep(timers, 100, signal).then(() => {
      awake = true;
    });
    await timers.step(99);
    assert.equal(awake, false);
    await timers.step(1);
    assert.equal(awake, true);
    await sleeping;
    assert.equal(timers.pending(), 0);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });

  it("ends at once when the signal aborts and leaves no timer behind", async () => {
    const timers = new SteppedTimers();
    const abort = new AbortController();
    const sleeping = sleep(timers, 100, abort.signal);
    abort.abort();
    await sleeping;
    assert.equal(timers.pending(), 0);
  });

  it("doesn't begin where the signal is aborted already", async () => {
    const timers = new SteppedTimers();
    await sleep(timers, 100, AbortSignal.abort());
    assert.equal(timers.pending(), 0);
  });
});
