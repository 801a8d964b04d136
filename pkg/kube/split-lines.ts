const NEWLINE = 0x0a;

/**
 * Cuts a stream of bytes into its lines, without their ends. Lines are cut as bytes and decoded whole, so a character
 * may be spread over any chunks. A last line without an end is a stream that was cut off: Error. So is a line longer
 * than `maxBytes`, which would otherwise fill the memory.
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      checkLength(restBytes + end - start, maxBytes);
      yield decode([...rest, chunk.subarray(start, end)]);
      [rest, restBytes, start] = [[], 0, end + 1];
    }
    rest.push(chunk.subarray(start));
    restBytes += chunk.length - start;
    checkLength(restBytes, maxBytes);
  }
  if (restBytes > 0) throw new Error(`the stream ended within a line, after ${String(restBytes)} bytes of it`);
}

function checkLength(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) throw new Error(`a line of the stream is longer than ${String(maxBytes)} bytes`);
}

function decode(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString("utf8");
}
