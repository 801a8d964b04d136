import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { clip, clipStart } from "./clip.ts";

describe("clip", () => {
  const cases: readonly (readonly [sentence: string, text: string, maxBytes: number, clipped: string])[] = [
    ["leaves a short text alone", "abc", 10, "abc"],
    ["leaves a text of exactly that length alone", "abcdef", 6, "abcdef"],
    ["shows what was cut by an ellipsis, which counts", "abcdefg", 6, "abc…"],
    ["counts bytes, not characters", "ääää", 7, "ää…"],
    ["doesn't cut a character apart", "a😀😀😀", 9, "a😀…"],
    ["leaves only the ellipsis where there is no room", "abcdef", 3, "…"],
  ];
  for (const [sentence, text, maxBytes, clipped] of cases) {
    it(sentence, () => {
      assert.equal(clip(text, maxBytes), clipped);
    });
  }

  it("never gives more bytes than asked for, and begins as the text does", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.integer({ min: 3, max: 80 }), (text, maxBytes) => {
        const clipped = clip(text, maxBytes);
        assert.ok(Buffer.byteLength(clipped) <= maxBytes);
        assert.ok(text.startsWith(clipped.replace(/…$/u, "")) || text.startsWith(clipped));
      }),
    );
  });
});

describe("clipStart", () => {
  const cases: readonly (readonly [sentence: string, text: string, maxBytes: number, clipped: string])[] = [
    ["leaves a short text alone", "abc", 10, "abc"],
    ["leaves a text of exactly that length alone", "abcdef", 6, "abcdef"],
    ["keeps the end", "abcdefg", 6, "…efg"],
    ["doesn't cut a character apart", "😀😀😀a", 9, "…😀a"],
  ];
  for (const [sentence, text, maxBytes, clipped] of cases) {
    it(sentence, () => {
      assert.equal(clipStart(text, maxBytes), clipped);
    });
  }
});
