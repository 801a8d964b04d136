import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fromTimestamp, toTimestamp, toTimestampCeil } from "./time.ts";

describe("a moment", () => {
  const ms = Date.UTC(2026, 2, 1, 10, 0, 7);
  it("is written as Kubernetes does, fractions dropped", () => {
    assert.equal(toTimestamp(ms), "2026-03-01T10:00:07Z");
    assert.equal(toTimestamp(ms + 999), "2026-03-01T10:00:07Z");
  });
  it("is rounded up where nothing must happen before it", () => {
    assert.equal(toTimestampCeil(ms), "2026-03-01T10:00:07Z");
    assert.equal(toTimestampCeil(ms + 1), "2026-03-01T10:00:08Z");
  });
  it("is read again, also with a fraction or another zone", () => {
    assert.equal(fromTimestamp(toTimestamp(ms)), ms);
    assert.equal(fromTimestamp("2026-03-01T10:00:07.000001Z"), ms);
    assert.equal(fromTimestamp("2026-03-01T12:00:07+02:00"), ms);
  });
});
