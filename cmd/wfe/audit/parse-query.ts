import type { ExecutionFilter } from "../../../pkg/audit/ask/execution-filter.ts";
import { readOptions } from "../read-options.ts";
import { UsageError } from "../usage-error.ts";
import { parseChoice } from "./choice-option.ts";
import { parseMoment } from "./moment.ts";
import type { Moment } from "./moment.ts";
import { refuseOperands } from "./refuse-operands.ts";
import { targetFilter } from "./target-option.ts";

export const queryOutputs = ["table", "json", "csv"] as const;

/** wfe audit query. */
export interface QueryCommand {
  readonly group: "audit";
  readonly name: "query";
  readonly filter: Omit<ExecutionFilter, "since" | "until">;
  readonly since?: Moment;
  readonly until?: Moment;
  readonly output: (typeof queryOutputs)[number];
}

const PHASES = ["Pending", "Running", "Completed", "Failed", "Skipped"] as const;
const OUTCOMES = ["Success", "Failed", "Cancelled", "n/a"] as const;
const DEFAULT_LIMIT = "50";
/** All that is shown is in memory at once. */
const MAX_LIMIT = 100_000;

const options = {
  target: { type: "string" },
  workflow: { type: "string" },
  actor: { type: "string" },
  remediation: { type: "string" },
  outcome: { type: "string" },
  phase: { type: "string" },
  since: { type: "string" },
  until: { type: "string" },
  limit: { type: "string", default: DEFAULT_LIMIT },
  output: { type: "string", short: "o", default: "table" },
} as const;

/** Reads the arguments of wfe audit query. Throws UsageError. */
export function parseQuery(args: readonly string[]): QueryCommand {
  const { values, positionals } = readOptions(args, options);
  refuseOperands("query", positionals);
  const { target, workflow, actor, remediation, outcome, phase, since, until } = values;
  return {
    group: "audit",
    name: "query",
    filter: {
      ...(target === undefined ? {} : targetFilter(target)),
      ...(workflow === undefined ? {} : { workflowId: workflow }),
      ...(actor === undefined ? {} : { actor }),
      ...(remediation === undefined ? {} : { correlationId: remediation }),
      ...(outcome === undefined ? {} : { outcome: parseChoice("outcome", outcome, OUTCOMES) }),
      ...(phase === undefined ? {} : { phase: parseChoice("phase", phase, PHASES) }),
      limit: parseLimit(values.limit),
    },
    ...(since === undefined ? {} : { since: parseMoment("since", since) }),
    ...(until === undefined ? {} : { until: parseMoment("until", until) }),
    output: parseChoice("output", values.output, queryOutputs),
  };
}

function parseLimit(text: string): number {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new UsageError(`--limit ${text}: expected a number from 1 to ${String(MAX_LIMIT)}`);
}
