import type { TargetLock, TargetLockSpec } from "../../pkg/api/target-lock.ts";
import type { AuditEntry, AuditState } from "../../pkg/api/workflow-execution.ts";
import { aTargetLock, TARGET } from "./builders/a-target-lock.ts";

export interface AuditedLockParts {
  readonly uid?: string;
  readonly name?: string;
  readonly resourceVersion?: string;
  /** What else its record says. */
  readonly spec?: Partial<TargetLockSpec>;
  readonly audit?: AuditState;
}

/** A target lock whose outbox is what a test is about. */
export function anAuditedLock(parts: AuditedLockParts = {}): TargetLock {
  const { uid = "lock-1", resourceVersion = "7", spec, audit } = parts;
  const lock = aTargetLock({ ...spec, ...(audit === undefined ? {} : { audit }) });
  return { ...lock, metadata: { name: parts.name ?? lock.metadata.name, uid, resourceVersion } };
}

/** What a block's clearing says: who lifted which block of which workflow, and why. */
export const clearingFacts = {
  targetResource: TARGET,
  workflowId: "restart-deployment",
  blockReason: "PreviousExecutionFailed",
  blockedSince: "2026-03-01T10:01:32Z",
  blockedExecution: "remediation/restart-checkout",
  blockedExecutionUid: "2f6c1a40-3f1d-4f0e-8a53-0d1c6f1f7a11",
  actor: "ada@example.com",
  clearReason: "the node was replaced",
  clearMethod: "TargetLockAnnotation",
};

/** The outbox entry of a block's clearing, on a lock or on an execution. */
export function aClearing(ordinal: number, parts: Partial<AuditEntry> = {}): AuditEntry {
  return {
    ordinal,
    type: "workflowexecution.block.cleared",
    at: "2026-03-01T10:30:00Z",
    outcome: "success",
    reason: "PreviousExecutionFailed",
    facts: clearingFacts,
    ...parts,
  };
}
