import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { gzipOf } from "./gzip.ts";

describe("gzipOf", () => {
  it("writes a header without time, name and operating system", () => {
    assert.equal(gzipOf(Buffer.from("abc")).toString("hex"), "1f8b08000000000000ff010300fcff616263c241243503000000");
  });

  for (const size of [0, 1, 65_534, 65_535, 65_536, 131_070, 200_000]) {
    it(`gives ${String(size)} bytes back`, () => {
      const bytes = Buffer.alloc(size, "bundle");
      assert.ok(gunzipSync(gzipOf(bytes)).equals(bytes));
    });
  }

  it("gives any bytes back", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => gunzipSync(gzipOf(bytes)).equals(bytes)));
  });
});
