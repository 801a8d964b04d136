import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseTargetText, targetPlace } from "./target-text.ts";

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

describe("a target's place", () => {
  it("is the same however its kind is written", () => {
    for (const kind of ["Deployment", "deployment", "deploy", "deployments.apps"]) {
      assert.equal(targetPlace(`payment/${kind}/checkout`), "payment/checkout");
    }
  });
  it("is another one in another namespace, or outside of any", () => {
    assert.equal(targetPlace("shop/Deployment/checkout"), "shop/checkout");
    assert.equal(targetPlace("Node/checkout"), "/checkout");
  });
  it("is the text itself where that has no grammar", () => {
    assert.equal(targetPlace("checkout"), "/checkout");
  });
});
