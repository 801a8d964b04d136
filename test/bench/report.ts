import type { Latency, LoadFigures, RequestFigure, RequestSums } from "./figures.ts";

/** Memory of the controller when it knows so many finished executions. */
interface Memory {
  readonly finished: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
}

/** All that a run of the benchmark found out. */
export interface BenchReport {
  readonly loads: readonly LoadFigures[];
  readonly requests: readonly RequestFigure[];
  readonly sums: RequestSums;
  readonly memory: readonly Memory[];
}

/** The report for people. */
export function renderReport({ loads, requests, sums, memory }: BenchReport): string {
  const budget = `${figure(sums.writes)} writes (budget 8) + ${figure(sums.events)} events (budget 2) + ${figure(sums.reads)} reads`;
  return [
    "Latency in ms: p50 / p99 / max",
    ...table([
      ["executions/s", "count", "created -> started", "run ended -> status", "created -> nothing left to do"],
      ...loads.map((load) => [
        String(load.rate),
        String(load.executions),
        latency(load.createdToStarted),
        latency(load.runEndedToStatus),
        latency(load.createdToSettled),
      ]),
    ]),
    "",
    "API requests for one successful execution",
    ...table([
      ["verb", "resource", "requests"],
      ...requests.map(({ verb, resource, perExecution }) => [verb, resource, figure(perExecution)]),
    ]),
    `  sum: ${budget}`,
    "",
    "Memory of the controller in MiB",
    ...table([
      ["finished executions", "resident", "JavaScript heap"],
      ...memory.map(({ finished, residentBytes, heapBytes }) => [String(finished), mib(residentBytes), mib(heapBytes)]),
    ]),
    "",
  ].join("\n");
}

function latency({ p50, p99, max }: Latency): string {
  return [p50, p99, max].map((ms) => ms.toFixed(0)).join(" / ");
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

function figure(value: number): string {
  return value.toFixed(2);
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ")}`.trimEnd());
}
