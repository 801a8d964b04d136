import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SteppedTimers } from "../../pkg/runtime/testing/stepped-timers.ts";
import { inTime } from "./in-time.ts";

describe("what is awaited only for a while", () => {
  for (const value of [true, false]) {
    it(`is ${String(value)} where that is said in time, and nobody is called late`, async () => {
      const timers = new SteppedTimers();
      let late = 0;
      const listed = Promise.withResolvers<boolean>();
      const result = inTime(listed.promise, { timers, ms: 100, onLate: () => (late += 1) });
      await timers.step(99);
      listed.resolve(value);
      assert.equal(await result, value);
      await timers.step(1000);
      assert.equal(late, 0);
    });
  }
  it("is true where nothing is said in time, whatever is said later", async () => {
    const timers = new SteppedTimers();
    let late = 0;
    const listed = Promise.withResolvers<boolean>();
    const result = inTime(listed.promise, { timers, ms: 100, onLate: () => (late += 1) });
    await timers.step(100);
    listed.resolve(false);
    assert.deepEqual([await result, late], [true, 1]);
  });
});
