import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseGoDuration } from "./go-duration.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe("a Go duration", () => {
  const read: readonly (readonly [string, string, number])[] = [
    ["one unit", "30m", 30 * MINUTE],
    ["several units", "1h30m", HOUR + 30 * MINUTE],
    ["every unit", "1h1m1s1ms1000us1000000ns", HOUR + MINUTE + SECOND + 3],
    ["both spellings of micro", "500µs500μs", 1],
    ["units in any order, and twice", "1s1m1s", MINUTE + 2 * SECOND],
    ["a fraction", "1.5h", HOUR + 30 * MINUTE],
    ["a fraction that binary numbers don't have", "0.3s", 300],
    ["a fraction without whole", ".5s", 500],
    ["a point without fraction", "5.s", 5 * SECOND],
    ["zero without unit", "0", 0],
    ["zero with unit", "0s", 0],
    ["what is finer than a nanosecond is cut off", "1.0000000001ms0.00000099ms", 1],
  ];
  for (const [sentence, text, ms] of read) {
    it(`reads ${sentence}: ${text}`, () => {
      assert.equal(parseGoDuration(text), ms);
    });
  }

  const refused: readonly (readonly [string, string])[] = [
    ["nothing", ""],
    ["a number without unit", "30"],
    ["a unit without number", "m"],
    ["a point without number", ".s"],
    ["an unknown unit", "1d"],
    ["a unit in capitals", "1M"],
    ["a sign", "-5m"],
    ["space", "5 m"],
    ["space at the end", "5m "],
    ["a new line at the end", "5m\n"],
    ["a number after the last unit", "1h30"],
    ["ISO 8601", "PT5M"],
    ["a fraction of a millisecond", "1.5ms"],
    ["one nanosecond", "1ns"],
    ["text longer than any duration", `${"0".repeat(100)}1s`],
  ];
  for (const [sentence, text] of refused) {
    it(`refuses ${sentence}: ${JSON.stringify(text.slice(0, 20))}`, () => {
      assert.equal(parseGoDuration(text), undefined);
    });
  }

  it("is the sum of its parts, whatever they are", () => {
    const whole = fc.nat({ max: 99_999 });
    fc.assert(
      fc.property(whole, whole, whole, whole, (h, m, s, ms) => {
        const text = `${String(h)}h${String(m)}m${String(s)}s${String(ms)}ms`;
        assert.equal(parseGoDuration(text), h * HOUR + m * MINUTE + s * SECOND + ms);
      }),
    );
  });
});
