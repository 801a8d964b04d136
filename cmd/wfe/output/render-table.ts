import { oneLine } from "./one-line.ts";

const GAP = "  ";
/** No column becomes narrower than that. */
const NARROWEST = 8;

/**
 * Aligned columns below their titles. Cells that don't fit into `width` characters together lose their ends, the widest
 * first.
 *
 * @param width of the terminal; Infinity where nothing has to fit
 */
export function renderTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] {
  const lines = [titles, ...rows.map((row) => row.map(oneLine))];
  const widths = fit(
    titles.map((_title, column) => Math.max(...lines.map((line) => lengthOf(line[column] ?? "")))),
    width,
  );
  return lines.map((line) =>
    line
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

function fit(wanted: readonly number[], width: number): readonly number[] {
  const widths = [...wanted];
  const gaps = GAP.length * (widths.length - 1);
  for (;;) {
    const widest = Math.max(...widths);
    const total = widths.reduce((sum, each) => sum + each, gaps);
    if (total <= width || widest <= NARROWEST) return widths;
    widths[widths.indexOf(widest)] = widest - 1;
  }
}

function padded(cell: string, width: number): string {
  const length = lengthOf(cell);
  if (length <= width) return cell + " ".repeat(width - length);
  return `${Array.from(cell)
    .slice(0, width - 1)
    .join("")}…`;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
