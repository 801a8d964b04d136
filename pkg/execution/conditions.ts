import type { Condition } from "../api/meta.ts";
import type { Phase, WorkflowExecutionStatus } from "../api/workflow-execution.ts";
import { toTimestamp } from "../api/time.ts";

export type ConditionType =
  | "Finished"
  | "Succeeded"
  | "Ready"
  | "Reconciling"
  | "Stalled"
  | "ResourceLocked"
  | "TektonPipelineCreated"
  | "TektonPipelineRunning"
  | "TektonPipelineComplete"
  | "AuditRecorded"
  | "Stuck"
  | "StepsRepeated";

/** A condition to be set; what is missing (times, generation) is filled in on writing. */
export interface ConditionChange {
  readonly type: ConditionType;
  readonly status: Condition["status"];
  readonly reason: string;
  readonly message: string;
}

/** The conditions of that list, changed: lastTransitionTime moves only with the status, as metav1.Condition asks. */
export function withConditions(
  before: readonly Condition[],
  changes: readonly ConditionChange[],
  context: { readonly now: number; readonly generation: number },
): readonly Condition[] {
  const next = new Map(before.map((condition) => [condition.type, condition]));
  for (const change of changes) {
    const old = next.get(change.type);
    const moved = old?.status !== change.status;
    const lastTransitionTime = moved ? toTimestamp(context.now) : old.lastTransitionTime;
    next.set(change.type, { ...change, lastTransitionTime, observedGeneration: context.generation });
  }
  return [...next.values()];
}

/** The condition of that type, if it was ever set. */
export function conditionOf(status: WorkflowExecutionStatus | undefined, type: ConditionType): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** The conditions that follow from the phase alone: what `kubectl wait` and kstatus look at. */
export function phaseConditions(phase: Phase, reason: string, message: string): readonly ConditionChange[] {
  const finished = isTerminal(phase);
  const states: readonly (readonly [ConditionType, Condition["status"]])[] = [
    ["Finished", finished ? "True" : "False"],
    ["Succeeded", succeededStatus(phase)],
    ["Ready", readyStatus(phase)],
    ["Reconciling", finished ? "False" : "True"],
    ["Stalled", phase === "Failed" ? "True" : "False"],
  ];
  return states.map(([type, status]) => ({ type, status, reason, message }));
}

/** Neither ended nor bound to a run: it has yet to take its target, or holds it without a run. */
export function isUnstarted({ status }: { readonly status?: WorkflowExecutionStatus }): boolean {
  return !isTerminal(status?.phase) && status?.executionRef === undefined;
}

/** A phase that never changes any more. */
export function isTerminal(phase: Phase | undefined): boolean {
  return phase === "Completed" || phase === "Failed" || phase === "Skipped";
}

function succeededStatus(phase: Phase): Condition["status"] {
  if (!isTerminal(phase)) return "Unknown";
  return phase === "Completed" ? "True" : "False";
}

function readyStatus(phase: Phase): Condition["status"] {
  if (!isTerminal(phase)) return "Unknown";
  return phase === "Failed" ? "False" : "True";
}
