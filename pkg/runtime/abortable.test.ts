import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, it } from "node:test";
import { abortable } from "./abortable.ts";

const stopped = new Error("stopped");

describe("abortable", () => {
  it("passes on what the promise gives", async () => {
    assert.equal(await abortable(Promise.resolve(7), new AbortController().signal), 7);
  });

  it("passes on the promise's error", async () => {
    await assert.rejects(abortable(Promise.reject(stopped), new AbortController().signal), stopped);
  });

  it("rejects with the reason when the signal aborts, though the promise hangs", async () => {
    const abort = new AbortController();
    const waiting = abortable(Promise.withResolvers().promise, abort.signal);
    abort.abort(stopped);
    await assert.rejects(waiting, stopped);
  });

  it("rejects where the signal is aborted already, and swallows the promise's own late error", async () => {
    await assert.rejects(abortable(Promise.reject(new Error("late")), AbortSignal.abort(stopped)), stopped);
  });

  it("turns a reason that is no error into one", async () => {
    await assert.rejects(abortable(Promise.withResolvers().promise, AbortSignal.abort("shutdown")), /shutdown/);
  });

  it("leaves no listener on the signal", async () => {
    const { signal } = new AbortController();
    for (let i = 0; i < 100; i += 1) await abortable(Promise.resolve(i), signal);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });
});
