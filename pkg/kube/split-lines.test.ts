import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { splitLines } from "./split-lines.ts";

void describe("lines of a stream", () => {
  it("are the same however the bytes were cut, also within a character", async () => {
    const line = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => text.replaceAll("\n", ""));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        async (lines, sizes) => {
          const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(""));
          assert.deepEqual(await linesOf(cut(bytes, sizes), 10_000), lines);
        },
      ),
    );
  });

  it("may be as long as allowed and not longer, whether their end has come or not", async () => {
    assert.deepEqual(await linesOf([Buffer.from("12345"), Buffer.from("678\n")], 8), ["12345678"]);
    await assert.rejects(linesOf([Buffer.from("12345"), Buffer.from("6789\n")], 8), /longer than 8 bytes/);
    await assert.rejects(linesOf([Buffer.from("12345"), Buffer.from("6789")], 8), /longer than 8 bytes/);
  });

  it("must be complete: half a line at the end is a stream that was cut off", async () => {
    await assert.rejects(linesOf([Buffer.from("a\nbc")], 8), /ended within a line, after 2 bytes/);
  });

  it("leave the stream alone until they are wanted", async () => {
    let taken = 0;
    const chunks = (async function* () {
      for (const text of ["a\nb\n", "c\n"]) {
        taken += 1;
        yield await Promise.resolve(Buffer.from(text));
      }
    })();
    const lines = splitLines(chunks, 8);
    await lines.next();
    await lines.next();
    assert.equal(taken, 1);
  });
});

async function linesOf(chunks: readonly Uint8Array[], maxBytes: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of splitLines(streamOf(chunks), maxBytes)) lines.push(line);
  return lines;
}

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

/** The bytes in pieces of these sizes, over and over. */
function cut(bytes: Buffer, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let start = 0, i = 0; start < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    pieces.push(bytes.subarray(start, start + size));
    start += size;
  }
  return pieces;
}
