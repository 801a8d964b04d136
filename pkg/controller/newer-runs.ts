import { LABEL_EXECUTION_UID } from "../api/labels.ts";
import type { PipelineRun } from "../api/tekton.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { isTerminal } from "../execution/conditions.ts";
import type { Stores } from "./stores.ts";

type Kept = Pick<Stores, "executions" | "runs">;

/**
 * How many finished executions whose runs are still there ended after this one; 0 for one that hasn't ended, or has no
 * run any more. Those that ended in the same second are in the order of their uids, so that each has another number.
 */
export function newerRuns(execution: WorkflowExecution, stores: Kept): number {
  const { uid = "" } = execution.metadata;
  if (!isTerminal(execution.status?.phase) || stores.runs.byIndex("execution", uid).length === 0) return 0;
  return finishedWithRuns(stores).filter((other) => isAfter(other, execution)).length;
}

/** The execution that ended first of those whose runs are still there: the next one to lose its run. */
export function oldestFinishedRun(stores: Kept): WorkflowExecution | undefined {
  return finishedWithRuns(stores).reduce<WorkflowExecution | undefined>(
    (oldest, one) => (oldest === undefined || isAfter(oldest, one) ? one : oldest),
    undefined,
  );
}

/** Whether that run counts as kept; one that is being deleted doesn't any more. */
export function isKept(run: PipelineRun | undefined): run is PipelineRun {
  return run !== undefined && run.metadata.deletionTimestamp === undefined;
}

function finishedWithRuns({ runs, executions }: Kept): readonly WorkflowExecution[] {
  const kept = runs.list().filter(isKept);
  const owners = new Set(kept.map(({ metadata }) => metadata.labels?.[LABEL_EXECUTION_UID] ?? ""));
  return [...owners].flatMap((uid) => executions.byIndex("uid", uid)).filter(({ status }) => isTerminal(status?.phase));
}

function isAfter(a: WorkflowExecution, b: WorkflowExecution): boolean {
  const [endA, endB] = [endOf(a), endOf(b)];
  return endA === endB ? (a.metadata.uid ?? "") > (b.metadata.uid ?? "") : endA > endB;
}

/** RFC 3339 in whole seconds and UTC: in the order of time as text, too. */
function endOf({ status }: WorkflowExecution): string {
  return status?.completionTime ?? "";
}
