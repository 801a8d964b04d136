import { API_VERSION } from "../../../pkg/api/labels.ts";
import type { TargetLock } from "../../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";

export const DIGEST = `sha256:${"a".repeat(64)}`;
export const OTHER_DIGEST = `sha256:${"b".repeat(64)}`;
export const IMAGE = "registry.example.com/workflows/restart-deployment";

/** Where executions are made. */
export const EXECUTIONS = executionsIn("default");
/** Where the executions of a namespace are made. */
export function executionsIn(namespace: string): string {
  return `/apis/kubernaut.ai/v1alpha1/namespaces/${namespace}/workflowexecutions`;
}
/** Where locks are made. */
export const LOCKS = "/apis/kubernaut.ai/v1alpha1/targetlocks";

let count = 0;

/** A valid execution with a name of its own. */
export function anExecution(): WorkflowExecution {
  return {
    apiVersion: API_VERSION,
    kind: "WorkflowExecution",
    metadata: { name: `execution-${String(++count)}` },
    spec: {
      remediationRequestRef: { name: "oom-payment-api" },
      workflowRef: { workflowId: "restart-deployment", version: "1.0.0", containerImage: `${IMAGE}:1.0.0` },
      targetResource: "payment/deployment/api",
    },
  };
}

/** A valid lock of a target of its own, held. */
export function aHeldLock(): TargetLock {
  const number = String(++count);
  return {
    apiVersion: API_VERSION,
    kind: "TargetLock",
    metadata: { name: `target-${number.padStart(32, "0")}` },
    spec: {
      formatVersion: 1,
      targetResource: `payment/deployments.apps/api-${number}`,
      state: "Held",
      epoch: 1,
      holder: {
        namespace: "default",
        name: "one",
        uid: "uid-1",
        workflowId: "restart-deployment",
        since: "2026-01-02T03:04:05Z",
      },
    },
  };
}

/** A valid lock of a target of its own that nobody holds: three workflows are blocked on it, of another it remembers the end. */
export function aBlockingLock(): TargetLock {
  const { holder: _holder, ...spec } = aHeldLock().spec;
  const since = { since: "2026-01-02T03:04:05Z" };
  const failed = { namespace: "default", name: "one", uid: "uid-1", ...since, reason: "PreviousExecutionFailed" };
  return {
    ...aHeldLock(),
    spec: {
      ...spec,
      state: "Free",
      summary: { blocked: "restart-deployment,increase-memory,team: patch" },
      workflows: [
        { workflowId: "restart-deployment", lastOutcome: "Failed", blockedBy: failed },
        { workflowId: "scale-up", lastOutcome: "Success", cooldownEndsAt: "2026-01-02T03:09:05Z" },
        { workflowId: "increase-memory", blockedBy: { ...failed, uid: "uid-2", reason: "ExhaustedRetries" } },
        { workflowId: "team: patch", blockedBy: { ...failed, uid: "uid-3" } },
      ],
    },
  };
}

/**
 * A JSON merge patch applied to a value (RFC 7386): null removes. The tests describe what differs from a valid object with
 * the same notation with which they patch objects on the server.
 */
export function merged(value: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(value) ? { ...value } : {};
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) Reflect.deleteProperty(result, key);
    else result[key] = merged(result[key], change);
  }
  return result;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
