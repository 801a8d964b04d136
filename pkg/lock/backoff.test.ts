import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { backoffMs } from "./backoff.ts";

const MINUTE_MS = 60_000;
const POLICY = { backoffBaseMs: MINUTE_MS, backoffMaxMs: 10 * MINUTE_MS };

describe("the backoff", () => {
  const cases: readonly (readonly [failures: number, minutes: number])[] = [
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 4],
    [4, 8],
    [5, 10],
    [6, 10],
    [5000, 10],
  ];
  for (const [failures, minutes] of cases) {
    it(`after ${String(failures)} failures in a row is ${String(minutes)} minutes`, () => {
      assert.equal(backoffMs(failures, POLICY), minutes * MINUTE_MS);
    });
  }
  it("is the longest from the first failure where the base is no shorter", () => {
    assert.equal(backoffMs(1, { backoffBaseMs: MINUTE_MS, backoffMaxMs: MINUTE_MS }), MINUTE_MS);
  });
  it("never shrinks with one more failure, and never leaves its bounds", () => {
    const policies = fc
      .tuple(fc.integer({ min: 1, max: 86_400_000 }), fc.nat(604_800_000))
      .map(([backoffBaseMs, more]) => ({ backoffBaseMs, backoffMaxMs: backoffBaseMs + more }));
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 2000 }), (policy, failures) => {
        const now = backoffMs(failures, policy);
        assert.ok(now >= policy.backoffBaseMs && now <= policy.backoffMaxMs);
        assert.ok(backoffMs(failures + 1, policy) >= now);
      }),
    );
  });
});
