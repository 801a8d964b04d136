import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backoffDelay } from "./backoff.ts";

describe("backoffDelay", () => {
  const cases: Record<string, { failures: number; random: number; jitter: "full" | "equal"; delay: number }> = {
    "full jitter starts at 0": { failures: 0, random: 0, jitter: "full", delay: 0 },
    "full jitter reaches the base at first": { failures: 0, random: 1, jitter: "full", delay: 100 },
    "equal jitter is at least half of the base": { failures: 0, random: 0, jitter: "equal", delay: 50 },
    "each failure doubles": { failures: 3, random: 1, jitter: "full", delay: 800 },
    "each failure doubles the certain half too": { failures: 3, random: 0, jitter: "equal", delay: 400 },
    "the cap ends the growth": { failures: 4, random: 1, jitter: "equal", delay: 1000 },
    "a thousand failures stay at the cap": { failures: 1024, random: 1, jitter: "full", delay: 1000 },
    "any number of failures stays at the cap": { failures: 5000, random: 0.5, jitter: "full", delay: 500 },
  };
  for (const [name, { failures, random, jitter, delay }] of Object.entries(cases)) {
    it(name, () => {
      assert.equal(
        backoffDelay({ baseMs: 100, maxMs: 1000, jitter }, failures, () => random),
        delay,
      );
    });
  }

  it("is no wait at all where the base is 0, after any number of failures", () => {
    assert.equal(
      backoffDelay({ baseMs: 0, maxMs: 1000, jitter: "equal" }, 5000, () => 0.5),
      0,
    );
  });

  it("is a whole number between its bounds, whatever goes in", () => {
    const policies = fc.record({
      baseMs: fc.nat(10_000),
      maxMs: fc.nat(1_000_000),
      jitter: fc.constantFrom("full" as const, "equal" as const),
    });
    const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(policies, fc.nat(2000), randoms, (policy, failures, random) => {
        const delay = backoffDelay(policy, failures, () => random);
        const ceiling = Math.min(policy.maxMs, policy.baseMs * 2 ** Math.min(failures, 52));
        assert.ok(Number.isInteger(delay) && delay <= Math.round(ceiling));
        assert.ok(delay >= (policy.jitter === "equal" ? Math.floor(ceiling / 2) : 0));
      }),
    );
  });
});
