/** A cell: null is empty. */
export type CsvCell = string | null;

/** RFC 4180: a header, lines that end with CR LF, quotes where a cell has a comma, a quote or a line break. */
export function renderCsv(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
}

function quoted(cell: CsvCell): string {
  if (cell === null) return "";
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
