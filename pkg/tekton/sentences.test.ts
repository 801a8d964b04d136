import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { asPart, sentences } from "./sentences.ts";

describe("asPart: somebody else's words in a sentence", () => {
  const cases: readonly (readonly [words: string, part: string])[] = [
    ["plain words", "plain words"],
    ["one. Two! three? four", "one; Two; three; four"],
    ['it said "no." and left.', 'it said "no"; and left'],
    ["on\ntwo  lines\t.", "on two lines"],
    ["node 1.2.3 of v1.15", "node 1.2.3 of v1.15"],
    ["ends with many...", "ends with many"],
    ['ends "quoted."', 'ends "quoted"'],
    ["password=hunter2, so. Next", "password=[redacted], so; Next"],
    ["", ""],
    ["...", ""],
  ];
  for (const [words, part] of cases) {
    it(JSON.stringify(words), () => {
      assert.equal(asPart(words, 100), part);
    });
  }

  it("is bounded", () => {
    assert.ok(Buffer.byteLength(asPart("ä".repeat(500), 100)) <= 100);
  });
});

describe("sentences", () => {
  it("end with a full stop each, and empty ones are left out", () => {
    assert.equal(sentences(["One", "", " Two "]), "One. Two.");
  });
});
