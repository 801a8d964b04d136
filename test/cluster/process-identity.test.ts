import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hasEnded, identifySelf, isRunning, parseStat } from "./process-identity.ts";

const tail = "0 -1 4194560 100 0 0 0 7 3 0 0 20 0 5 0 8571 1024 200 0";

describe("parseStat", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["a plain name", `42 (etcd) S 1 42 42 ${tail}`],
    ["a name with a space and parentheses", `42 (a) S 9 (b c) S 1 42 42 ${tail}`],
  ];
  for (const [what, text] of cases) {
    it(`reads a line with ${what}`, () => {
      assert.deepEqual(parseStat(text), { state: "S", parent: 1, threads: 5, startTime: "8571" });
    });
  }

  it("gives nothing for a line that was cut off", () => {
    assert.equal(parseStat("42 (etcd) S 1 42"), undefined);
  });
});

describe("hasEnded", () => {
  const cases: readonly (readonly [string, string, number, boolean])[] = [
    ["a sleeping process has not", "S", 5, false],
    ["a stopped process has not", "T", 1, false],
    ["a zombie with threads that still exit has not: they hold its ports", "Z", 3, false],
    ["a zombie without other threads has", "Z", 1, true],
  ];
  for (const [sentence, state, threads, expected] of cases) {
    it(sentence, () => {
      assert.equal(hasEnded({ state, threads, parent: 1, startTime: "1" }), expected);
    });
  }
});

describe("isRunning", () => {
  it("holds for ourselves", () => {
    assert.equal(isRunning(identifySelf()), true);
  });
  it("does not hold for an earlier process with our pid", () => {
    assert.equal(isRunning({ ...identifySelf(), startTime: "1" }), false);
  });
  it("does not hold for a process before the last boot", () => {
    assert.equal(isRunning({ ...identifySelf(), bootId: "another" }), false);
  });
});
