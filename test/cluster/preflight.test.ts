import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isAtLeast } from "./preflight.ts";

describe("isAtLeast", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["1.26.4", "1.26.4", true],
    ["1.26.10", "1.26.4", true],
    ["1.26", "1.26.4", false],
    ["1.27rc1", "1.26.4", true],
    ["1.9.9", "1.26.4", false],
    ["3.0.19", "3.0.0", true],
    ["1.1.1w", "3.0.0", false],
  ];
  for (const [version, minimum, expected] of cases) {
    it(`${version} is ${expected ? "" : "not "}at least ${minimum}`, () => {
      assert.equal(isAtLeast(version, minimum), expected);
    });
  }
});
