import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isNewer, versionOf } from "./resource-version.ts";

describe("isNewer", () => {
  it("orders resourceVersions as the integers that they are, beyond what a number can hold", () => {
    const versions = fc.bigInt({ min: 0n, max: 2n ** 80n });
    fc.assert(
      fc.property(versions, versions, (a, b) => {
        assert.equal(isNewer(a.toString(), b.toString()), a > b);
      }),
    );
  });

  it("tells neighbours apart that are one and the same number in JavaScript", () => {
    assert.equal(isNewer("9007199254740993", "9007199254740992"), true);
    assert.equal(isNewer("9007199254740992", "9007199254740993"), false);
  });

  it("knows that 10 is newer than 9", () => {
    assert.equal(isNewer("10", "9"), true);
  });
});

describe("versionOf", () => {
  it("gives the object's resourceVersion", () => {
    assert.equal(versionOf({ metadata: { resourceVersion: "12" } }), "12");
  });

  const refused: Record<string, string | undefined> = {
    "an absent version": undefined,
    "an empty version": "",
    "a version that isn't a decimal integer": "0x1f",
    "a version with leading zeros": "007",
  };
  for (const [name, resourceVersion] of Object.entries(refused)) {
    it(`refuses ${name}`, () => {
      const metadata = { namespace: "a", name: "b", ...(resourceVersion !== undefined && { resourceVersion }) };
      assert.throws(() => versionOf({ metadata }), /object a\/b has no comparable resourceVersion/);
    });
  }
});
