import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "./canonical-json.ts";
import type { JsonValue } from "./canonical-json.ts";

const cases: Readonly<Record<string, readonly [JsonValue, string]>> = {
  "sorts names, at every depth": [{ b: 1, a: { d: [], c: {} } }, '{"a":{"c":{},"d":[]},"b":1}'],
  "keeps the order of lists": [[2, 1, [3]], "[2,1,[3]]"],
  "tells null, an empty text and a missing member apart": [[null, "", {}], '[null,"",{}]'],
  "escapes what JSON escapes": [{ 'a"b': "\n\u0001" }, '{"a\\"b":"\\n\\u0001"}'],
  "sorts by code units, not by language": [{ ä: 1, z: 2, Z: 3 }, '{"Z":3,"z":2,"ä":1}'],
};

describe("canonical JSON", () => {
  for (const [sentence, [value, text]] of Object.entries(cases)) {
    it(sentence, () => {
      assert.equal(canonicalJson(value), text);
    });
  }

  it("is the same for the same members in any order, and says the same as the value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse()) as JsonValue;
        const text = canonicalJson(object as JsonValue);
        assert.equal(canonicalJson(reversed), text);
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(object)));
      }),
    );
  });
});
