import { API_VERSION } from "../../../pkg/api/labels.ts";
import type { LockHolder, TargetLock, TargetLockSpec, WorkflowHistory } from "../../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { lockName } from "../../../pkg/lock/lock-name.ts";
import { timeAfter } from "./moments.ts";

/** The target of aWorkflowExecution in canonical form. */
export const TARGET = "payment/deployments.apps/checkout";

/** The lock of aWorkflowExecution's target, Free. */
export function aTargetLock(spec: Partial<TargetLockSpec> = {}): TargetLock {
  return {
    apiVersion: API_VERSION,
    kind: "TargetLock",
    metadata: { name: lockName(TARGET), uid: "uid-of-lock", resourceVersion: "50" },
    spec: { formatVersion: 1, targetResource: TARGET, state: "Free", epoch: 1, ...spec },
  };
}

/** The lock held by that execution. */
export function aHeldLock(w: WorkflowExecution, spec: Partial<TargetLockSpec> = {}): TargetLock {
  return aTargetLock({ state: "Held", holder: holderFor(w), ...spec });
}

/** The lock bound to that execution and the run with that uid. */
export function aBoundLock(
  w: WorkflowExecution,
  runUid = "uid-of-run",
  spec: Partial<TargetLockSpec> = {},
): TargetLock {
  const run = { namespace: "kubernaut-workflows", name: "restart-checkout-run", uid: runUid };
  return aTargetLock({ state: "Bound", holder: holderFor(w), run, ...spec });
}

/** What a lock says of its holder. */
export function holderFor(w: WorkflowExecution): LockHolder {
  const { namespace = "", name, uid = "" } = w.metadata;
  return { namespace, name, uid, workflowId: w.spec.workflowRef.workflowId, since: timeAfter(1) };
}

/** What a lock remembers of a workflow that succeeded a minute after the creation of aWorkflowExecution. */
export function aHistory(wishes: Partial<WorkflowHistory> = {}): WorkflowHistory {
  return {
    workflowId: "restart-deployment",
    lastExecution: { namespace: "remediation", name: "earlier", uid: "uid-of-earlier" },
    lastOutcome: "Success",
    completedAt: timeAfter(-60),
    cooldownEndsAt: timeAfter(240),
    consecutiveFailures: 0,
    ...wishes,
  };
}

/** The block that the failure of the earlier execution has put on its workflow. */
export function aBlock(
  wishes: Partial<NonNullable<WorkflowHistory["blockedBy"]>> = {},
): NonNullable<WorkflowHistory["blockedBy"]> {
  return {
    namespace: "remediation",
    name: "earlier",
    uid: "uid-of-earlier",
    since: timeAfter(-60),
    reason: "PreviousExecutionFailed",
    ...wishes,
  };
}
