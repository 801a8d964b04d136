const blockSize = 512;

/**
 * A ustar archive with one file, the same bytes on every machine: mode 0600, owner 0, time 0.
 *
 * @param name at most 100 bytes of ASCII
 */
export function tarOf(name: string, content: Uint8Array): Buffer {
  if (Buffer.byteLength(name) > 100) throw new Error(`the name ${name} is too long for a tar header`);
  const padding = Buffer.alloc((blockSize - (content.length % blockSize)) % blockSize);
  const end = Buffer.alloc(2 * blockSize);
  return Buffer.concat([header(name, content.length), content, padding, end]);
}

/** The fields of POSIX ustar, at their fixed places. */
function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(blockSize);
  block.write(name, 0);
  block.write("0000600\0", 100);
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  block.write(`${octal(size, 11)}\0`, 124);
  block.write(`${octal(0, 11)}\0`, 136);
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\u000000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
