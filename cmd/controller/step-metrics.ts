import { channel } from "node:diagnostics_channel";
import { fromTimestamp } from "../../pkg/api/time.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import type { TakenStep } from "../../pkg/controller/reconcile.ts";
import { isTerminal } from "../../pkg/execution/conditions.ts";
import type { ExecutionSnapshot } from "../../pkg/execution/snapshot.ts";
import { succeededCondition } from "../../pkg/tekton/run-state.ts";
import type { ExecutionMetrics } from "../../pkg/telemetry/execution-metrics.ts";
import { lockCheckSeconds } from "./lock-check.ts";

type Outcome = Parameters<ExecutionMetrics["finished"]>[0];
type SkipReason = Parameters<ExecutionMetrics["skipped"]>[0];

/**
 * The diagnostics channel that tells every lock check, one by one: a histogram's quantiles are only as exact as its
 * buckets.
 */
export const LOCK_CHECKS = "workflowexecution.lock-check";

/** One lock check, as the channel tells it. */
export interface LockCheck {
  /** Name of the execution. */
  readonly execution: string;
  readonly seconds: number;
}

const lockChecks = channel(LOCK_CHECKS);

/** Counts what a step shows of an execution: nothing has to be told to the metrics from where it is decided. */
export function countStep(taken: TakenStep, metrics: ExecutionMetrics): void {
  const { snapshot, step, result } = taken;
  countLockCheck(taken, metrics);
  if (snapshot.kind !== "execution") return;
  if (step.type === "CreateRun" && result.type === "wroteRun") metrics.pipelineRunCreated(secondsSinceAsked(snapshot));
  if (step.type === "WriteStatus" && result.type === "wroteExecution")
    countWrite(snapshot, result.execution, taken, metrics);
}

function countLockCheck(taken: TakenStep, metrics: ExecutionMetrics): void {
  const seconds = lockCheckSeconds(taken);
  if (seconds === undefined) return;
  metrics.lockChecked(seconds);
  const { name = "" } = taken.snapshot.execution.value?.metadata ?? {};
  lockChecks.publish({ execution: name, seconds } satisfies LockCheck);
}

function countWrite(
  before: ExecutionSnapshot,
  after: WorkflowExecution,
  { seconds }: TakenStep,
  metrics: ExecutionMetrics,
): void {
  const lag = secondsSinceChange(before);
  if (lag !== undefined) metrics.statusSynced(lag + seconds);
  if (!isTerminal(before.execution.value?.status?.phase)) countEnd(after, metrics);
}

function secondsSinceAsked({ execution, now }: ExecutionSnapshot): number {
  return Math.max(0, (now - fromTimestamp(execution.value?.metadata.creationTimestamp ?? "")) / 1000);
}

/** From the last change of the run by Tekton to now, while the status follows it; undefined before and after. */
function secondsSinceChange({ execution, runs, now }: ExecutionSnapshot): number | undefined {
  const { phase, executionRef } = execution.value?.status ?? {};
  if (executionRef === undefined || isTerminal(phase)) return undefined;
  const run = runs.value.find(({ metadata }) => metadata.uid === executionRef.uid);
  const changed = run === undefined ? undefined : succeededCondition(run)?.lastTransitionTime;
  return changed === undefined ? undefined : Math.max(0, (now - fromTimestamp(changed)) / 1000);
}

function countEnd({ status }: WorkflowExecution, metrics: ExecutionMetrics): void {
  if (status === undefined || !isTerminal(status.phase)) return;
  if (status.phase === "Skipped") metrics.skipped((status.skipDetails?.reason ?? "ResourceBusy") as SkipReason);
  else
    metrics.finished((status.outcome ?? "Failed") as Outcome, secondsBetween(status.startTime, status.completionTime));
}

function secondsBetween(start: string | undefined, end: string | undefined): number | undefined {
  if (start === undefined || end === undefined) return undefined;
  return Math.max(0, (fromTimestamp(end) - fromTimestamp(start)) / 1000);
}
