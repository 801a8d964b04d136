/**
 * The wish of a person to lift a block, as annotations say it. Admission has compared the name with the authenticated
 * user (config/admission); a wish without a name or a reason is none.
 */
import { ANNOTATION_CLEAR_BLOCK, ANNOTATION_CLEARED_BY } from "../api/labels.ts";
import type { KubernetesObject } from "../api/meta.ts";
import type { BlockedWorkflow } from "../lock/block.ts";
import type { NewEvent } from "./outbox.ts";

export interface ClearanceWish {
  /** As written; on a lock it begins with the workflow. */
  readonly text: string;
  readonly clearedBy: string;
}

/** What the annotations of this object ask for. */
export function clearanceWish({ metadata }: KubernetesObject): ClearanceWish | undefined {
  const text = metadata.annotations?.[ANNOTATION_CLEAR_BLOCK]?.trim() ?? "";
  const clearedBy = metadata.annotations?.[ANNOTATION_CLEARED_BY] ?? "";
  return text === "" || clearedBy === "" ? undefined : { text, clearedBy };
}

export interface Clearance {
  readonly targetResource: string;
  readonly clearedBy: string;
  readonly clearReason: string;
  readonly clearMethod: "ExecutionAnnotation" | "TargetLockAnnotation";
}

/** The audit event of a block that is lifted: who, why, and what it was. */
export function clearedEvent(block: BlockedWorkflow, clearance: Clearance): NewEvent {
  const { namespace, name, uid, since, reason } = block.blockedBy;
  const { clearedBy: actor, ...facts } = clearance;
  return {
    name: "cleared",
    outcome: "success",
    reason,
    facts: {
      ...facts,
      actor,
      workflowId: block.workflowId,
      blockReason: reason,
      blockedSince: since,
      blockedExecution: `${namespace}/${name}`,
      blockedExecutionUid: uid,
    },
  };
}
