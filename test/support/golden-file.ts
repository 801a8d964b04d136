import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";

/**
 * Compares a text with a file that is kept beside the tests. With UPDATE_GOLDEN=1 in the environment the file is written
 * instead: look at the difference before you commit it, because people rely on what it shows.
 */
export async function assertGolden(file: URL, actual: string): Promise<void> {
  if (process.env["UPDATE_GOLDEN"] === "1") await writeFile(file, actual);
  const expected = await readFile(file, "utf8").catch(() => "");
  assert.equal(actual, expected, `${file.pathname} is different; UPDATE_GOLDEN=1 writes it anew`);
}

/** A table as kubectl prints it, with the cells of some columns made the same in every run. */
export function normalTable(text: string, varying: Readonly<Record<string, string>>): string {
  const lines = text.trimEnd().split("\n");
  const columns = columnsOf(lines[0] ?? "");
  const rows = lines.map((line) => columns.map(({ from, to }) => line.slice(from, to).trimEnd()));
  const names = rows[0] ?? [];
  const cells = rows.map((row, index) =>
    row.map((cell, column) => (index === 0 || cell === "" ? cell : (varying[names[column] ?? ""] ?? normalText(cell)))),
  );
  const widths = names.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const aligned = cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   "));
  return `${aligned.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** A text in which uids, times, durations and hashes are the same in every run. */
export function normalText(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UID")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z/g, "TIME")
    .replaceAll(/^(\s*)\{.*"type":"([\w.]+)".*\}$/gm, "$1EVENT $2")
    .replaceAll(/target-[0-9a-f]{32}/g, "target-HASH")
    .replaceAll(/-[0-9a-f]{16}\b/g, "-HASH")
    .replaceAll(/^(\s*Hash:\s+)[0-9a-f]{64}$/gm, "$1HASH")
    .replaceAll(
      /(completed in |failed after |\(in |^\s*(?:Duration|Cooldown Remaining|Execution Time[\w ]*):\s+)\d[\dhms]*/gm,
      "$1DURATION",
    )
    .replaceAll(/^(\s*(Seq|Resource Version):\s+)\d+$/gm, "$1NUMBER");
}

interface Column {
  readonly from: number;
  readonly to: number | undefined;
}

/** Columns begin where their headings do; headings are apart by three blanks. */
function columnsOf(header: string): readonly Column[] {
  const starts = [...header.matchAll(/(?<=^|\s{2,})\S/g)].map(({ index }) => index);
  return starts.map((from, column) => ({ from, to: starts[column + 1] }));
}
