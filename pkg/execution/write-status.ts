import type { WorkflowExecution, WorkflowExecutionStatus } from "../api/workflow-execution.ts";
import { conditionOf, phaseConditions, withConditions, type ConditionChange } from "./conditions.ts";
import { deepEqual } from "./deep-equal.ts";
import { auditCondition, nextAudit, type NewEvent } from "./outbox.ts";
import type { AuditReceipt, ExecutionSnapshot } from "./snapshot.ts";
import type { Step } from "./step.ts";

/** What a rule wants to be in the status; everything else stays as it is. */
export interface StatusChange {
  readonly status: Partial<WorkflowExecutionStatus>;
  readonly conditions?: readonly ConditionChange[];
  readonly events?: readonly NewEvent[];
}

/**
 * The status write for a change, with the audit events in the same write and an outstanding receipt folded in.
 * Undefined where the status says all of it already: a receipt alone is not worth a write.
 */
export function writeStatus(s: ExecutionSnapshot, w: WorkflowExecution, change: StatusChange): Step | undefined {
  const before = w.status ?? { phase: "Pending" };
  if (deepEqual(nextStatus(s, w, change, undefined), before)) return undefined;
  return { type: "WriteStatus", execution: { ...w, status: nextStatus(s, w, change, s.receipt) } };
}

/** The status write that folds an outstanding receipt in, whether anything else changes or not. */
export function writeReceipt(s: ExecutionSnapshot, w: WorkflowExecution, change: StatusChange = { status: {} }): Step {
  return { type: "WriteStatus", execution: { ...w, status: nextStatus(s, w, change, s.receipt) } };
}

function nextStatus(
  s: ExecutionSnapshot,
  w: WorkflowExecution,
  change: StatusChange,
  receipt: AuditReceipt | undefined,
): WorkflowExecutionStatus {
  const before = w.status ?? { phase: "Pending" };
  const generation = w.metadata.generation ?? 0;
  const audit = nextAudit(before.audit, receipt, change.events ?? [], s.now);
  const merged = { ...before, ...change.status, audit, observedGeneration: generation };
  const { phase, reason = phase, message = "" } = merged;
  const changes = [
    ...phaseConditions(phase, reason, message).filter(({ type }) => !isKept(before, type)),
    ...(change.conditions ?? []),
    auditCondition(audit),
  ];
  return { ...merged, conditions: withConditions(before.conditions ?? [], changes, { now: s.now, generation }) };
}

/** Once an execution is being deleted, its condition Reconciling says so until it is gone. */
function isKept(status: WorkflowExecutionStatus, type: string): boolean {
  return type === "Reconciling" && conditionOf(status, "Reconciling")?.reason === "Deleting";
}
