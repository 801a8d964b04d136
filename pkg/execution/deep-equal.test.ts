import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect, isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { deepEqual } from "./deep-equal.ts";

const EQUAL: readonly (readonly [unknown, unknown])[] = [
  [1, 1],
  [null, null],
  [
    { a: 1, b: [1, { c: 2 }] },
    { b: [1, { c: 2 }], a: 1 },
  ],
  [{ a: 1, b: undefined }, { a: 1 }],
  [[], []],
];
const DIFFERENT: readonly (readonly [unknown, unknown])[] = [
  [1, "1"],
  [null, undefined],
  [null, {}],
  [{}, []],
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: null }, {}],
  [
    [1, 2],
    [2, 1],
  ],
  [[1], [1, 2]],
];

describe("two JSON values", () => {
  for (const [a, b] of EQUAL) {
    it(`are equal: ${inspect(a)} and ${inspect(b)}`, () => {
      assert.ok(deepEqual(a, b) && deepEqual(b, a));
    });
  }
  for (const [a, b] of DIFFERENT) {
    it(`are different: ${inspect(a)} and ${inspect(b)}`, () => {
      assert.ok(!deepEqual(a, b) && !deepEqual(b, a));
    });
  }
  it("are equal exactly where Node says so", () => {
    const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
    fc.assert(
      fc.property(json, json, (a, b) => {
        assert.equal(deepEqual(a, b), isDeepStrictEqual(a, b));
        assert.ok(deepEqual(a, structuredClone(a)));
      }),
      { numRuns: 500 },
    );
  });
});
