import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { realTimers } from "./timers.ts";

const day = 24 * 60 * 60_000;
/** Milliseconds, of Node's setTimeout. */
const longest = 2 ** 31 - 1;

describe("realTimers", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
  });
  afterEach(() => {
    mock.timers.reset();
  });

  it("calls once when the time has passed, not before", () => {
    const run = mock.fn();
    realTimers.after(100, run);
    mock.timers.tick(99);
    assert.equal(run.mock.callCount(), 0);
    mock.timers.tick(1000);
    assert.equal(run.mock.callCount(), 1);
  });

  it("doesn't call what was cancelled", () => {
    const run = mock.fn();
    realTimers.after(100, run)();
    mock.timers.tick(1000);
    assert.equal(run.mock.callCount(), 0);
  });

  it("waits longer than the 24.8 days that one timeout of Node can take", () => {
    const run = mock.fn();
    realTimers.after(60 * day, run);
    mock.timers.tick(longest);
    mock.timers.tick(longest);
    mock.timers.tick(60 * day - 2 * longest - 1);
    assert.equal(run.mock.callCount(), 0);
    mock.timers.tick(1);
    assert.equal(run.mock.callCount(), 1);
  });

  it("cancels a wait that is longer than one timeout in its second part too", () => {
    const run = mock.fn();
    const cancel = realTimers.after(60 * day, run);
    mock.timers.tick(longest);
    cancel();
    mock.timers.tick(longest);
    mock.timers.tick(longest);
    assert.equal(run.mock.callCount(), 0);
  });

  it("reads a clock that doesn't go back", () => {
    const before = realTimers.now();
    assert.ok(realTimers.now() >= before);
  });
});
