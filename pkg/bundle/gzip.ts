import { crc32 } from "node:zlib";

const longestBlock = 0xffff;

/**
 * A gzip stream of stored (uncompressed) blocks. What zlib makes of the same bytes depends on its version and on the
 * processor, and so would the bundle's digest; a bundle is small enough to do without compression.
 */
export function gzipOf(bytes: Uint8Array): Buffer {
  // Deflate, no flags, time 0, no level, operating system "unknown".
  const start = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  const end = Buffer.alloc(8);
  end.writeUInt32LE(crc32(bytes), 0);
  end.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([start, ...storedBlocks(bytes), end]);
}

function* storedBlocks(bytes: Uint8Array): Generator<Uint8Array> {
  let from = 0;
  do {
    const block = bytes.subarray(from, from + longestBlock);
    from += longestBlock;
    const head = Buffer.alloc(5);
    head.writeUInt8(from >= bytes.length ? 1 : 0, 0);
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(block.length ^ longestBlock, 3);
    yield head;
    yield block;
  } while (from < bytes.length);
}
