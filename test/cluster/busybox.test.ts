import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { isStaticElf } from "./busybox.ts";

/** A 64-bit little-endian ELF file with program headers of these types. */
function anElf(...types: readonly number[]): Buffer {
  const header = Buffer.alloc(64 + 56 * types.length);
  header.write("\x7fELF", "latin1");
  header.writeBigUInt64LE(64n, 32);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(types.length, 56);
  for (const [index, type] of types.entries()) header.writeUInt32LE(type, 64 + 56 * index);
  return header;
}

describe("isStaticElf", () => {
  const cases: readonly (readonly [string, Buffer, boolean])[] = [
    ["a program without a loader is", anElf(1, 1), true],
    ["a program that names a loader is not", anElf(6, 3, 1), false],
    ["this Node is not", readFileSync(process.execPath), false],
    ["a script is not", Buffer.from(`#!/bin/sh\n${"#".repeat(100)}`), false],
    ["a file that was cut off is not", anElf(1, 1).subarray(0, 80), false],
    ["an empty file is not", Buffer.alloc(0), false],
  ];
  for (const [sentence, content, expected] of cases) {
    it(sentence, () => {
      assert.equal(isStaticElf(content), expected);
    });
  }
});
