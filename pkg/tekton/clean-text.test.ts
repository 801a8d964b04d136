import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cleanText } from "./clean-text.ts";

describe("cleanText", () => {
  it("is quick with long texts made to be slow", () => {
    const slow = ["a.", "-----BEGIN A-----", "bearer ", 'password="\\', "eyJ", "https://a:", "token: ", "x@"];
    for (const part of slow) assert.ok(Buffer.byteLength(cleanText(part.repeat(200_000))) <= 4096);
  });

  it("redacts before it cuts, so that no half of a secret is left", () => {
    const text = `${"x".repeat(80)} password="${"y".repeat(200)}" end`;
    assert.equal(cleanText(text, 100), `${"x".repeat(80)} password=[redact…`);
  });
});
