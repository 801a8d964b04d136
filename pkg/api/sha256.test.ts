import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sha256Hex } from "./sha256.ts";

describe("a SHA-256", () => {
  it("is that of FIPS 180-4", () => {
    assert.equal(sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
  it("is that of the text in UTF-8", () => {
    assert.equal(sha256Hex("\u00e4"), "33e6d73fee82904c8d7afb78de1154d1e8dc2a0edb08120e63df5b9385c2d9cc");
  });
});
