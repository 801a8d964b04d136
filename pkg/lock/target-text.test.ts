import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseTargetText } from "./target-text.ts";

describe("a target's text", () => {
  it("of three parts has a namespace", () => {
    assert.deepEqual(parseTargetText("a/b/c"), { namespace: "a", kind: "b", name: "c" });
  });
  it("of two parts has none", () => {
    assert.deepEqual(parseTargetText("b/c"), { kind: "b", name: "c" });
  });
  for (const text of ["", "a", "a/b/c/d", "/b/c", "a//c", "a/b/", "/b"]) {
    it(`is refused as "${text}"`, () => {
      assert.equal(parseTargetText(text), undefined);
    });
  }
});
