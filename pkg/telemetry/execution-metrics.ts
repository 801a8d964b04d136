import type { Registry } from "prom-client";
import { registerCounter } from "./counter.ts";
import { registerSeconds } from "./histogram.ts";

/** `status.outcome` of an execution that had a run or could have had one. */
const OUTCOMES = ["Success", "Failed", "Cancelled"] as const;
type Outcome = (typeof OUTCOMES)[number];

/** `status.outcome` of a skipped execution. */
const NOTHING_HAPPENED = "n/a";

/** `status.skipDetails.reason` (api.md section 1). */
const SKIP_REASONS = ["ResourceBusy", "RecentlyRemediated", "ExhaustedRetries", "PreviousExecutionFailed"] as const;
type SkipReason = (typeof SKIP_REASONS)[number];

/** Skips by a failure before: these need a person, or more time than a cooldown. */
const FAILURE_SKIPS: ReadonlySet<SkipReason> = new Set(["ExhaustedRetries", "PreviousExecutionFailed"]);

/** What is counted of WorkflowExecutions. All times are in seconds. */
export interface ExecutionMetrics {
  /** An execution ended; `seconds` is its run's duration, undefined where no run started. */
  finished(outcome: Outcome, seconds: number | undefined): void;
  skipped(reason: SkipReason): void;
  /** From the execution's creation to the creation of its PipelineRun. */
  pipelineRunCreated(seconds: number): void;
  /** From a change that Tekton made to the status write that shows it. */
  statusSynced(seconds: number): void;
  /** Looking whether a target is free: from the question to the answer, or to the lock. */
  lockChecked(seconds: number): void;
}

/** Registers the metrics of executions (api.md section 5, BR-WE-008). Labels with a closed set of values start at 0. */
export function registerExecutionMetrics(registry: Registry): ExecutionMetrics {
  const total = registerTotal(registry);
  const skips = registerSkips(registry);
  const duration = registerDuration(registry);
  return {
    finished(outcome, seconds) {
      total(outcome);
      if (seconds !== undefined) duration({ outcome }, seconds);
    },
    skipped(reason) {
      total(NOTHING_HAPPENED);
      skips(reason);
    },
    ...registerLatencies(registry),
  };
}

function registerTotal(registry: Registry): (outcome: Outcome | typeof NOTHING_HAPPENED) => void {
  return registerCounter({
    registry,
    name: "workflowexecution_total",
    help: "Executions that ended, by status.outcome (n/a: skipped).",
    label: "outcome",
    values: [...OUTCOMES, NOTHING_HAPPENED],
  });
}

function registerSkips(registry: Registry): ExecutionMetrics["skipped"] {
  const all = registerCounter({
    registry,
    name: "workflowexecution_skip_total",
    help: "Skipped executions by reason.",
    label: "reason",
    values: SKIP_REASONS,
  });
  const failures = registerCounter({
    registry,
    name: "workflowexecution_backoff_skip_total",
    help: "Executions skipped because of earlier failures of the same workflow on the same target, by reason.",
    label: "reason",
    values: [...FAILURE_SKIPS],
  });
  return (reason) => {
    all(reason);
    if (FAILURE_SKIPS.has(reason)) failures(reason);
  };
}

function registerDuration(registry: Registry): (labels: { readonly outcome: string }, seconds: number) => void {
  return registerSeconds({
    registry,
    name: "workflowexecution_duration_seconds",
    help: "Duration of runs, from the run's own start to its end, by outcome.",
    labelNames: ["outcome"],
    buckets: [5, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400],
  });
}

type Latencies = Pick<ExecutionMetrics, "pipelineRunCreated" | "statusSynced" | "lockChecked">;

function registerLatencies(registry: Registry): Latencies {
  const creation = registerSeconds({
    registry,
    name: "workflowexecution_pipelinerun_creation_seconds",
    help: "From the creation of an execution to the creation of its PipelineRun (target 5 s).",
    labelNames: [],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300],
  });
  const sync = registerSeconds({
    registry,
    name: "workflowexecution_status_sync_seconds",
    help: "From a change of the PipelineRun by Tekton to the execution's status that shows it (target 10 s).",
    labelNames: [],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60],
  });
  const lock = registerSeconds({
    registry,
    name: "workflowexecution_lock_check_seconds",
    help: "Time to find out whether a target is free, or to lock it (target 100 ms): one sample a check, attempts after a conflict and fresh reads included.",
    labelNames: [],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
  });
  return {
    pipelineRunCreated: (seconds) => {
      creation({}, seconds);
    },
    statusSynced: (seconds) => {
      sync({}, seconds);
    },
    lockChecked: (seconds) => {
      lock({}, seconds);
    },
  };
}
