import type {
  AuditEntry,
  AuditState,
  WorkflowExecution,
  WorkflowExecutionSpec,
} from "../../pkg/api/workflow-execution.ts";

export interface AuditedExecutionParts {
  readonly uid?: string;
  readonly name?: string;
  readonly resourceVersion?: string;
  readonly spec?: Partial<WorkflowExecutionSpec>;
  readonly audit?: AuditState;
}

/** An execution whose outbox is what a test is about. */
export function anAuditedExecution(parts: AuditedExecutionParts = {}): WorkflowExecution {
  const { uid = "2f6c1a40-3f1d-4f0e-8a53-0d1c6f1f7a11", name = "restart-checkout", resourceVersion = "7" } = parts;
  return {
    metadata: { name, namespace: "remediation", uid, resourceVersion, creationTimestamp: "2026-03-01T09:59:58Z" },
    spec: {
      remediationRequestRef: { name: "rr-checkout-oom", uid: "5d0f6f34-6a42-4df5-9f9b-7a4a1c9d2b11" },
      workflowRef: {
        workflowId: "restart-deployment",
        version: "1.2.0",
        containerImage: `registry.example/workflows/restart:1.2.0@sha256:${"a".repeat(64)}`,
      },
      targetResource: "payment/Deployment/checkout",
      ...parts.spec,
    },
    ...(parts.audit === undefined ? {} : { status: { phase: "Pending", audit: parts.audit } }),
  };
}

/** An outbox entry; its name is the last part of the type. */
export function anEntry(ordinal: number, name = "requested", parts: Partial<AuditEntry> = {}): AuditEntry {
  return {
    ordinal,
    type: `workflowexecution.workflow.${name}`,
    at: "2026-03-01T10:00:00Z",
    outcome: "success",
    ...parts,
  };
}

/** Entries from one ordinal to another, both included. */
export function entries(first: number, last: number): readonly AuditEntry[] {
  return Array.from({ length: last - first + 1 }, (_, index) => anEntry(first + index));
}

/** Committed entries from one ordinal to another, as an outbox keeps them. */
export function committed(first: number, last: number): readonly string[] {
  return entries(first, last).map((entry) => JSON.stringify(entry));
}
