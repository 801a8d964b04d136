import type { Sample } from "./sample.ts";

/** Requests of one verb on one resource, for each execution. */
export interface RequestFigure {
  readonly verb: string;
  readonly resource: string;
  readonly perExecution: number;
}

/** What an execution of one kind asked of the API server. */
export interface Cost {
  /** What such executions have in common. */
  readonly kind: string;
  readonly requests: readonly RequestFigure[];
  readonly sums: RequestSums;
}

/** Sums for the budget of a success: writes without events, events, and reads, for each execution. */
export interface RequestSums {
  readonly writes: number;
  readonly events: number;
  readonly reads: number;
}

/** What was asked of the API server between two samples, for each of so many executions of a kind. */
export function costOf(
  kind: string,
  samples: { readonly before: Sample; readonly after: Sample },
  executions: number,
): Cost {
  const { before, after } = samples;
  const requests = [...after.requests]
    .map(([key, count]) => {
      const [verb = "", resource = ""] = key.split(" ");
      return { verb, resource, perExecution: (count - (before.requests.get(key) ?? 0)) / executions };
    })
    .filter(({ perExecution }) => perExecution > 0)
    .sort((a, b) => b.perExecution - a.perExecution);
  return { kind, requests, sums: sumsOf(requests) };
}

const WRITES: ReadonlySet<string> = new Set(["create", "update", "patch", "delete"]);

function sumsOf(figures: readonly RequestFigure[]): RequestSums {
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
