import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { TargetLock } from "../../pkg/api/target-lock.ts";
import type {
  AuditState,
  FailureDetails,
  WorkflowExecution,
  WorkflowExecutionStatus,
} from "../../pkg/api/workflow-execution.ts";
import { CREATED_AT } from "../support/builders/moments.ts";

/** The conditions by whose times something is decided: when an execution has ended, was about to start, has lost its run. */
const TIMED: readonly string[] = ["Finished", "TektonPipelineCreated", "TektonPipelineRunning"];

/**
 * The object as the simulated server keeps it: without what nothing is decided by, or there would be many times as many
 * states. That are the times of most conditions and their order, times and facts of events in an outbox, and once an
 * execution has ended, how it went in detail.
 */
export function asStored(object: KubernetesObject): KubernetesObject {
  if (object.kind === "TargetLock") return withoutRecorded(object as TargetLock);
  if (object.kind !== "WorkflowExecution") return object;
  const { status, ...rest } = object as WorkflowExecution;
  if (status === undefined) return object;
  const isOver = status.phase !== "Pending" && status.phase !== "Running";
  const kept = isOver ? withoutDetails(status) : status;
  return { ...rest, status: withEqualTimes(kept) } as KubernetesObject;
}

function withEqualTimes(status: WorkflowExecutionStatus): WorkflowExecutionStatus {
  const { conditions, audit } = status;
  const kept = conditions?.map((one) => (TIMED.includes(one.type) ? one : { ...one, lastTransitionTime: CREATED_AT }));
  return {
    ...status,
    ...(kept && { conditions: kept.toSorted((a, b) => (a.type < b.type ? -1 : 1)) }),
    ...(audit && { audit: outboxOf(audit) }),
  };
}

function withoutRecorded(lock: TargetLock): TargetLock {
  const { audit } = lock.spec;
  return audit === undefined ? lock : { ...lock, spec: { ...lock.spec, audit: withoutCommitted(audit) } };
}

function outboxOf(audit: AuditState): AuditState {
  const kept = withoutCommitted(audit);
  return kept.pending === undefined ? kept : { ...kept, pending: kept.pending.map(withEqualTime) };
}

/** What is committed is kept for the audit side alone. */
function withoutCommitted(audit: AuditState): AuditState {
  const { recorded: _recorded, ...kept } = audit;
  return kept;
}

function withEqualTime<T extends { readonly at: string; readonly facts?: unknown }>(event: T): T {
  return { ...event, at: CREATED_AT, facts: {} };
}

/** What an execution that has ended is still asked for. */
const READ: readonly string[] = [
  "Finished",
  "TektonPipelineComplete",
  "ResourceLocked",
  "Reconciling",
  "AuditRecorded",
];

function withoutDetails(status: WorkflowExecutionStatus): WorkflowExecutionStatus {
  const { executionStatus: _progress, pipelineRunStatus: _mirror, startTime, ...kept } = status;
  const { conditions = [], failureDetails } = kept;
  return {
    ...kept,
    // Whether its run was ever started, not when.
    ...(startTime === undefined ? {} : { startTime: CREATED_AT }),
    conditions: conditions.filter(({ type }) => READ.includes(type)),
    ...(failureDetails && { failureDetails: inShort(failureDetails) }),
  };
}

/** What the next ones are held back by, and no words. */
function inShort({ reason, wasExecutionFailure }: FailureDetails): FailureDetails {
  const words = {
    message: "",
    naturalLanguageSummary: "",
    executionTimeBeforeFailure: "",
    confidence: "unknown",
  } as const;
  return { reason, wasExecutionFailure, failedTaskIndex: 0, failedAt: CREATED_AT, ...words };
}
