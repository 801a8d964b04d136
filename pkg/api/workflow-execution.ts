import type { KubernetesObject } from "./meta.ts";
import type { WorkflowExecutionFields } from "./workflow-execution.gen.ts";

export type {
  AuditEntry,
  AuditState,
  CancelRequest,
  ExecutionRef,
  ExecutionStatus,
  FailedAttempt,
  FailureDetails,
  FailureEvidence,
  LockRef,
  Phase,
  Requester,
  Retry,
  RetryAdvice,
  SkipDetails,
  WorkflowExecutionSpec,
  WorkflowExecutionStatus,
} from "./workflow-execution.gen.ts";

/** One request to run one workflow on one target, and what became of it (config/crd/kubernaut.ai_workflowexecutions.yaml). */
export interface WorkflowExecution extends KubernetesObject, WorkflowExecutionFields {}
