import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createCanary } from "./canary.ts";

describe("a canary", () => {
  const canary = createCanary({ other: "s3cret-of-nobody" });

  it("finds all of its secrets in its own text", () => {
    const found = canary.leaksIn(`${canary.text("marker")} s3cret-of-nobody`);
    assert.deepEqual(found, ["parameter", "bearer", "url", "password", "aws", "key", "other"]);
  });

  for (const before of ["", "a", "ab", "abc"]) {
    it(`finds them in base64 with ${String(before.length)} bytes before`, () => {
      const text = Buffer.from(`${before}${canary.parameter}z`).toString("base64");
      assert.deepEqual(canary.leaksIn(text), ["parameter"]);
    });
  }

  it("finds nothing in a text that holds none", () => {
    assert.deepEqual(canary.leaksIn(createCanary().text("marker")), []);
  });
});
