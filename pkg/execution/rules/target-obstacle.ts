/** What stands between an execution and its target: the rules of lock.md section 4, in their order. */
import type { TargetLock } from "../../api/target-lock.ts";
import type { SkipDetails, WorkflowExecution } from "../../api/workflow-execution.ts";
import { blockOn } from "../../lock/block.ts";
import { backoffEnd, cooldownEnd, isFullOfBlocks } from "../../lock/history.ts";
import { isUnderstood } from "../../lock/lock-record.ts";
import { askedBundle } from "../../tekton/bundle.ts";
import {
  backoffDetails,
  blockedDetails,
  fullDetails,
  recentRemediationDetails,
  resourceBusyDetails,
} from "./skip-details.ts";

export type Obstacle =
  /** Another execution holds the target, until it is released. BR-WE-009. */
  | { readonly kind: "busy"; readonly details: SkipDetails }
  /** The workflow failed there, until someone clears that. BR-WE-012, BR-WE-013. */
  | { readonly kind: "blocked"; readonly details: SkipDetails }
  /** The workflow failed there before it ran, until its backoff is over (ms). BR-WE-012. */
  | { readonly kind: "backoff"; readonly details: SkipDetails; readonly until: number }
  /** The workflow succeeded there a moment ago, until its cooldown is over (ms). BR-WE-010. */
  | { readonly kind: "cooldown"; readonly details: SkipDetails; readonly until: number };

/** The target as it is called and locked, and when that is asked (ms, server time). */
export interface TargetNow {
  /** Canonical. */
  readonly target: string;
  readonly lock: TargetLock | undefined;
  readonly now: number;
}

/** Why an execution can't take the target now; undefined where it can. A record that isn't understood counts as busy. */
export function targetObstacle(w: WorkflowExecution, at: TargetNow): Obstacle | undefined {
  const { target, lock, now } = at;
  if (lock === undefined) return undefined;
  if (!isUnderstood(lock) || lock.spec.state !== "Free" || lock.spec.targetResource !== target) {
    return { kind: "busy", details: resourceBusyDetails(lock, target, now) };
  }
  return blocked(w, lock, now) ?? backingOff(w, lock, now) ?? coolingDown(w, lock, now);
}

function blocked(w: WorkflowExecution, lock: TargetLock, now: number): Obstacle | undefined {
  const { workflowId } = w.spec.workflowRef;
  const block = blockOn(lock, { workflowId, bundle: askedBundle(w.spec.workflowRef) });
  if (block !== undefined) return { kind: "blocked", details: blockedDetails(lock, { block, workflowId, now }) };
  return isFullOfBlocks(lock, workflowId) ? { kind: "blocked", details: fullDetails(lock, now) } : undefined;
}

function backingOff(w: WorkflowExecution, lock: TargetLock, now: number): Obstacle | undefined {
  const { workflowId } = w.spec.workflowRef;
  const until = backoffEnd(lock, workflowId, now);
  if (until === undefined) return undefined;
  return { kind: "backoff", until, details: backoffDetails(lock, workflowId, { end: until, now }) };
}

function coolingDown(w: WorkflowExecution, lock: TargetLock, now: number): Obstacle | undefined {
  const { workflowId } = w.spec.workflowRef;
  const until = cooldownEnd(lock, workflowId, now);
  if (until === undefined) return undefined;
  return { kind: "cooldown", until, details: recentRemediationDetails(lock, workflowId, { end: until, now }) };
}
