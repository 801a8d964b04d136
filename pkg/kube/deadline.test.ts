import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SteppedTimers } from "../runtime/testing/stepped-timers.ts";
import { startDeadline } from "./deadline.ts";

void describe("a deadline", () => {
  it("fires after its time and says so", async () => {
    const timers = new SteppedTimers();
    const { signal } = startDeadline(timers, 1000);
    await timers.step(999);
    assert.equal(signal.aborted, false);
    await timers.step(1);
    assert.match(String(signal.reason), /TimeoutError: not complete within 1000 ms/);
  });

  it("starts anew", async () => {
    const timers = new SteppedTimers();
    const deadline = startDeadline(timers, 1000);
    await timers.step(900);
    deadline.restart(5000);
    await timers.step(4999);
    assert.equal(deadline.signal.aborted, false);
    await timers.step(1);
    assert.equal(deadline.signal.aborted, true);
  });

  it("fires with the caller's signal, for the caller's reason", () => {
    const outer = new AbortController();
    const { signal } = startDeadline(new SteppedTimers(), 1000, outer.signal);
    const reason = new Error("stopping");
    outer.abort(reason);
    assert.equal(signal.reason, reason);
  });

  it("has fired where the caller's signal had", () => {
    assert.equal(startDeadline(new SteppedTimers(), 1000, AbortSignal.abort()).signal.aborted, true);
  });

  it("holds on to nothing once it has ended", () => {
    const timers = new SteppedTimers();
    const outer = new AbortController();
    const deadline = startDeadline(timers, 1000, outer.signal);
    deadline.end();
    outer.abort();
    assert.equal(timers.pending(), 0);
    assert.equal(deadline.signal.aborted, false);
  });
});
