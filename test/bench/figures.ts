import type { Life } from "./load.ts";

/** Milliseconds from one stage to another, over many executions. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The latencies of one load. */
export interface LoadFigures {
  readonly rate: number;
  readonly executions: number;
  readonly createdToStarted: Latency;
  readonly runEndedToStatus: Latency;
  readonly createdToSettled: Latency;
}

/** Sums up the lives of a load. */
export function loadFigures(rate: number, lives: readonly Life[]): LoadFigures {
  return {
    rate,
    executions: lives.length,
    createdToStarted: latency(lives, "created", "started"),
    runEndedToStatus: latency(lives, "runEnded", "finished"),
    createdToSettled: latency(lives, "created", "settled"),
  };
}

function latency(lives: readonly Life[], from: keyof Life, to: keyof Life): Latency {
  const sorted = lives
    .map((life) => (life[to] ?? Number.NaN) - (life[from] ?? Number.NaN))
    .filter((ms) => !Number.isNaN(ms))
    // The watch may tell of our own write's effect before the answer to it is read.
    .map((ms) => Math.max(0, ms))
    .sort((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: quantile(sorted, 1) };
}

/** The smallest value that at least that share of the sorted values doesn't exceed; 0 where there are none. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** Requests of one verb on one resource, for each execution. */
export interface RequestFigure {
  readonly verb: string;
  readonly resource: string;
  readonly perExecution: number;
}

/** A sample of /metrics: what counters and gauges said. */
export interface Sample {
  readonly requests: ReadonlyMap<string, number>;
  readonly residentBytes: number;
  /** Of that, what JavaScript objects take, garbage among them. */
  readonly heapBytes: number;
}

const REQUEST = /^workflowexecution_api_requests_total\{verb="([^"]+)",resource="([^"]+)",code="[^"]*"\} (\S+)$/;
const HEAP = /^nodejs_heap_size_used_bytes (\S+)$/m;
const RESIDENT = /^process_resident_memory_bytes (\S+)$/m;

/** Reads the counters of requests (summed over codes) and the resident memory from the text of /metrics. */
export function readSample(metrics: string): Sample {
  const requests = new Map<string, number>();
  for (const line of metrics.split("\n")) {
    const [, verb = "", resource = "", count = "0"] = REQUEST.exec(line) ?? [];
    const key = `${verb} ${resource}`;
    if (verb !== "") requests.set(key, (requests.get(key) ?? 0) + Number(count));
  }
  return { requests, residentBytes: gauge(RESIDENT, metrics), heapBytes: gauge(HEAP, metrics) };
}

function gauge(pattern: RegExp, metrics: string): number {
  return Number(pattern.exec(metrics)?.[1] ?? 0);
}

/** What was asked of the API server between two samples, for each of so many executions; the most frequent first. */
export function requestFigures(before: Sample, after: Sample, executions: number): readonly RequestFigure[] {
  return [...after.requests]
    .map(([key, count]) => {
      const [verb = "", resource = ""] = key.split(" ");
      return { verb, resource, perExecution: (count - (before.requests.get(key) ?? 0)) / executions };
    })
    .filter(({ perExecution }) => perExecution > 0)
    .sort((a, b) => b.perExecution - a.perExecution);
}

const WRITES: ReadonlySet<string> = new Set(["create", "update", "patch", "delete"]);

/** Sums for the budget of lock.md: writes without events, events, and reads, for each execution. */
export interface RequestSums {
  readonly writes: number;
  readonly events: number;
  readonly reads: number;
}

/** Sums up. */
export function requestSums(figures: readonly RequestFigure[]): RequestSums {
  return {
    writes: sum(figures.filter((figure) => isWrite(figure) && !isEvent(figure))),
    events: sum(figures.filter(isEvent)),
    reads: sum(figures.filter((figure) => !isWrite(figure))),
  };
}

function isEvent({ resource }: RequestFigure): boolean {
  return resource === "events";
}

function isWrite({ verb }: RequestFigure): boolean {
  return WRITES.has(verb);
}

function sum(figures: readonly RequestFigure[]): number {
  return figures.reduce((total, { perExecution }) => total + perExecution, 0);
}
