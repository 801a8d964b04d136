import type { EvidenceMemory } from "./evidence-memory.ts";
import type { Latency } from "./latency.ts";
import type { LockFigures } from "./lock-load.ts";
import type { OutageFigures } from "./outage.ts";
import type { Cost, RequestSums } from "./requests.ts";
import type { SuccessFigures } from "./success-load.ts";

/** Memory of the controller when it knows so many finished executions. */
export interface Memory {
  readonly finished: number;
  /** Of these. */
  readonly skipped: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
}

/** All that a run of the benchmark found out. */
export interface BenchReport {
  readonly loads: readonly SuccessFigures[];
  readonly lock: LockFigures;
  readonly costs: readonly Cost[];
  readonly memory: readonly Memory[];
  readonly evidence: EvidenceMemory;
  readonly outage: OutageFigures;
}

/** The report for people. */
export function renderReport({ loads, lock, costs, memory, evidence, outage }: BenchReport): string {
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
    ...lockReport(lock),
    "",
    ...outageReport(outage),
    "",
    "API requests for one execution",
    ...table(costTable(costs)),
    "",
    "Memory of the controller in MiB",
    ...table([
      ["finished executions", "of these skipped", "resident", "JavaScript heap"],
      ...memory.map(({ finished, skipped, residentBytes, heapBytes }) => [
        String(finished),
        String(skipped),
        mib(residentBytes),
        mib(heapBytes),
      ]),
    ]),
    "",
    ...evidenceReport(evidence),
    "",
  ].join("\n");
}

function evidenceReport({
  executions,
  lostPods,
  events,
  logs,
  heapBytes,
  endedBytes,
}: EvidenceMemory): readonly string[] {
  return [
    `Live evidence of ${String(executions)} runs at its limits, heap in MiB`,
    ...table([
      ["pods that are gone", "warnings", "ends of logs", "all of it", "when all have ended"],
      [String(lostPods), String(events), String(logs), mib(heapBytes), mib(endedBytes)],
    ]),
  ];
}

/** Less than this many seconds' worth of executions undecided at the end: the controller keeps up. */
const BACKLOG_S = 1;
/** Created at less than this share of the rate: whoever creates them doesn't keep up. */
const CREATED_SHARE = 0.95;

function lockReport(lock: LockFigures): readonly string[] {
  const { rate, createdRate, executions, decidedByThen, skipped } = lock;
  const undecided = executions - decidedByThen;
  const isSustained = createdRate >= rate * CREATED_SHARE && undecided <= rate * BACKLOG_S;
  return [
    `The target lock at ${String(rate)} executions/s, ${String(skipped)} of ${String(executions)} skipped: ms, p50 / p99 / max`,
    ...table([
      ["lock check (goal: p99 < 100)", "checks", "created -> skipped", "created -> run created"],
      [latency(lock.check), String(lock.checks), latency(lock.createdToSkipped), latency(lock.createdToRun)],
    ]),
    `  the rate was ${isSustained ? "" : "NOT "}sustained: ${createdRate.toFixed(1)}/s created, ` +
      `${String(undecided)} undecided when the last one was`,
  ];
}

function outageReport({ up, down, backlog, eventsPerSecond }: OutageFigures): readonly string[] {
  const [created, ended] = [(of: SuccessFigures) => of.createdToStarted, (of: SuccessFigures) => of.runEndedToStatus];
  return [
    `PostgreSQL down, ${String(down.executions)} executions at ${String(down.rate)}/s: ms, p50 / p99 / max`,
    ...table([
      ["", "created -> started", "run ended -> status"],
      ["up", latency(created(up)), latency(ended(up))],
      ["down", latency(created(down)), latency(ended(down))],
      ["ratio", ratio(created(up), created(down)), ratio(ended(up), ended(down))],
    ]),
    `  when it was back, ${String(backlog)} events were recorded at ${eventsPerSecond.toFixed(0)}/s (goal: 1000)`,
  ];
}

function ratio(before: Latency, after: Latency): string {
  return [after.p50 / before.p50, after.p99 / before.p99, after.max / before.max].map(figure).join(" / ");
}

function costTable(costs: readonly Cost[]): readonly (readonly string[])[] {
  const keys = new Set(costs.flatMap(({ requests }) => requests.map(({ verb, resource }) => `${verb} ${resource}`)));
  return [
    ["verb and resource", ...costs.map(({ kind }) => kind)],
    ...[...keys].map((key) => [key, ...costs.map((cost) => perExecution(cost, key))]),
    ["writes (budget of a success: 8)", ...sumsOf(costs, "writes")],
    ["events (budget of a success: 2)", ...sumsOf(costs, "events")],
    ["reads", ...sumsOf(costs, "reads")],
  ];
}

function perExecution({ requests }: Cost, key: string): string {
  const found = requests.find(({ verb, resource }) => `${verb} ${resource}` === key);
  return found === undefined ? "" : figure(found.perExecution);
}

function sumsOf(costs: readonly Cost[], of: keyof RequestSums): readonly string[] {
  return costs.map(({ sums }) => figure(sums[of]));
}

function latency({ p50, p99, max }: Latency): string {
  return [p50, p99, max].map((ms) => ms.toFixed(ms < 10 ? 1 : 0)).join(" / ");
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
