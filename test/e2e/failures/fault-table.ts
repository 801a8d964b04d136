import type { Ending, FaultCase } from "./fault-case.ts";
import { endingOf, type Outcome } from "./run-case.ts";

/** What is compared, in the order of the columns. */
const FIELDS = [
  "reason",
  "task",
  "taskIndex",
  "step",
  "exitCode",
  "executed",
  "retryable",
] as const satisfies readonly (keyof Ending)[];

export type Field = (typeof FIELDS)[number];

/** What is expected of a case that ended like this, in the form in which it is compared. */
export function expectedEnding({ expected }: FaultCase, actual?: Ending): Ending {
  if (expected.taskIndex === undefined) return { reason: expected.reason };
  const { reason, task, taskIndex, step, exitCode, exitCodeMayBeMissing = false, executed, retryable } = expected;
  const isMissing = exitCodeMayBeMissing && actual !== undefined && actual.exitCode === undefined;
  return { reason, task, taskIndex, step, exitCode: isMissing ? undefined : exitCode, executed, retryable };
}

/** Whether the fields of a case are as they were expected. */
export function isRight({ fault, status }: Outcome, fields: readonly Field[] = FIELDS): boolean {
  if (status === undefined) return false;
  const actual = endingOf(status);
  const expected = expectedEnding(fault, actual);
  return fields.every((field) => actual[field] === expected[field]);
}

/** One row a case; where a cell is not as expected, it has both: `expected, not actual`. */
export function faultTable(outcomes: readonly Outcome[]): string {
  const rows = [["case", ...FIELDS, "time", "ok?"], ...outcomes.map(rowOf)];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => inColumns(row, widths)).join("\n");
}

function inColumns(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join("  ")
    .trimEnd();
}

function rowOf(outcome: Outcome): readonly string[] {
  const { fault, status, seconds } = outcome;
  const actual = status === undefined ? undefined : endingOf(status);
  const expected = expectedEnding(fault, actual);
  return [
    fault.name,
    ...FIELDS.map((field) => cellOf(expected[field], actual, field)),
    `${seconds.toFixed(1)} s`,
    isRight(outcome) ? "yes" : "NO",
  ];
}

function cellOf(expected: Ending[Field], actual: Ending | undefined, field: Field): string {
  if (actual === undefined) return `${shown(expected)}, not seen`;
  return actual[field] === expected ? shown(expected) : `${shown(expected)}, not ${shown(actual[field])}`;
}

function shown(value: Ending[Field]): string {
  return value === undefined ? "-" : String(value);
}
