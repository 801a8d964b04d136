import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { formatGoDuration, parseGoDuration } from "./go-duration.ts";

describe("formatGoDuration writes as Go does", () => {
  const cases: readonly (readonly [ms: number, text: string])[] = [
    [0, "0s"],
    [1, "1ms"],
    [250, "250ms"],
    [999.6, "1s"],
    [1000, "1s"],
    [1500, "1.5s"],
    [1050, "1.05s"],
    [60_000, "1m0s"],
    [90_000, "1m30s"],
    [1_800_000, "30m0s"],
    [3_600_000, "1h0m0s"],
    [3_600_001, "1h0m0.001s"],
    [90_061_000, "25h1m1s"],
    [-1500, "-1.5s"],
    [Number.NaN, "0s"],
    [Infinity, "0s"],
  ];
  for (const [ms, text] of cases) {
    it(`${String(ms)} ms is ${text}`, () => {
      assert.equal(formatGoDuration(ms), text);
    });
  }
});

describe("parseGoDuration reads what Go reads", () => {
  const cases: readonly (readonly [text: string, ms: number | undefined])[] = [
    ["0", 0],
    ["+0", 0],
    ["-0", 0],
    ["0s", 0],
    ["30m", 1_800_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    [".5s", 500],
    ["1.s", 1000],
    ["-1.5h", -5_400_000],
    ["+5s", 5000],
    ["100ms", 100],
    ["250us", 0.25],
    ["250µs", 0.25],
    ["250μs", 0.25],
    ["1000000ns", 1],
    ["1h1h", 7_200_000],
    ["", undefined],
    ["1", undefined],
    ["-", undefined],
    ["s", undefined],
    [".s", undefined],
    ["1d", undefined],
    ["1 h", undefined],
    ["1h ", undefined],
    ["1e3s", undefined],
    ["2 days", undefined],
    ["--1s", undefined],
    ["3000000h", undefined],
  ];
  for (const [text, ms] of cases) {
    it(`"${text}" is ${ms === undefined ? "refused" : `${String(ms)} ms`}`, () => {
      assert.equal(parseGoDuration(text), ms);
    });
  }

  it("reads back what formatGoDuration wrote", () => {
    fc.assert(
      fc.property(fc.integer({ min: -(9 * 10 ** 12), max: 9 * 10 ** 12 }), (ms) => {
        assert.ok(Math.abs((parseGoDuration(formatGoDuration(ms)) ?? Number.NaN) - ms) < 0.01);
      }),
    );
  });

  it("takes no time over a long text", () => {
    assert.equal(parseGoDuration("1".repeat(100_000)), undefined);
  });
});
