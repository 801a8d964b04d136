import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readBody } from "./read-body.ts";

void describe("a body", () => {
  it("is read whole, also where a character is cut in two", async () => {
    const bytes = Buffer.from("→😀");
    assert.equal(await readBody(streamOf([bytes.subarray(0, 1), bytes.subarray(1, 5), bytes.subarray(5)])), "→😀");
  });

  it("may be empty", async () => {
    assert.equal(await readBody(streamOf([])), "");
  });

  it("may be as long as allowed and not longer", async () => {
    assert.equal(await readBody(streamOf([Buffer.from("1234"), Buffer.from("5678")]), 8), "12345678");
    await assert.rejects(readBody(streamOf([Buffer.from("1234"), Buffer.from("56789")]), 8), /longer than 8 bytes/);
  });
});

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}
