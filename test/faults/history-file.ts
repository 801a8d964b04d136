/** A history as a file: one entry a line, in JSON. */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { HistoryEntry } from "./history-entry.ts";

/** Writes a history. */
export async function writeHistoryFile(file: string, history: readonly HistoryEntry[]): Promise<void> {
  await pipeline(Readable.from(linesOf(history)), createWriteStream(file));
}

/** Keeps a history that went wrong in a new temporary folder. Gives the path of its file. */
export async function keepHistory(history: readonly HistoryEntry[]): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "faults-")), "history.jsonl");
  await writeHistoryFile(file, history);
  return file;
}

/** Reads what `writeHistoryFile` wrote. Throws SyntaxError where a line isn't JSON. */
export async function readHistoryFile(file: string): Promise<readonly HistoryEntry[]> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  const entries: HistoryEntry[] = [];
  for await (const line of lines) if (line !== "") entries.push(JSON.parse(line) as HistoryEntry);
  return entries;
}

function* linesOf(history: readonly HistoryEntry[]): Generator<string> {
  for (const entry of history) yield `${JSON.stringify(entry)}\n`;
}
