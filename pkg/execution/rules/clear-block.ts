import { withoutValues } from "../../api/hidden-values.ts";
import { toTimestamp } from "../../api/time.ts";
import { blockedWorkflows, withoutBlock, type BlockedWorkflow } from "../../lock/block.ts";
import { withHistory } from "../../lock/lock-record.ts";
import { cleanText } from "../../tekton/clean-text.ts";
import { clearanceWish, clearedEvent, type ClearanceWish } from "../clearance.ts";
import { isTerminal } from "../conditions.ts";
import { lookAtFirst } from "../look.ts";
import { understoodLock } from "../own-lock.ts";
import type { Case } from "../rule.ts";
import { DONE, type Step } from "../step.ts";
import { writeStatus } from "../write-status.ts";

/**
 * Lifts the block that this execution's failure put on its workflow, because a person asks for it by the annotations of
 * the execution. Who and why is recorded first, in the execution's status and outbox, then the lock's record is changed
 * (lock.md section 4): also where the wish was taken back, or the execution deleted, in between. BR-WE-013.
 */
export function clearBlock(c: Case): Step | undefined {
  const lock = c.s.lock.value;
  const block = ownBlock(c);
  if (lock === undefined || block === undefined) return undefined;
  if (c.w.status?.blockClearance === undefined) return recordFirst(c, block);
  return { type: "UpdateLock", lock: withHistory(lock, withoutBlock(lock.spec.workflows ?? [], block.workflowId)) };
}

function recordFirst(c: Case, block: BlockedWorkflow): Step | undefined {
  const { s, w, policy } = c;
  const wish = isTerminal(w.status?.phase) ? clearanceWish(w) : undefined;
  if (wish === undefined) return undefined;
  return lookAtFirst(s, ["lock"], policy.executionNamespace) ?? recordClearance(c, wish, block);
}

/** The block that this execution's failure has put on its workflow, if it still stands. */
function ownBlock({ s, w }: Case): BlockedWorkflow | undefined {
  return blockedWorkflows(understoodLock(s)?.spec.workflows).find(({ blockedBy }) => blockedBy.uid === w.metadata.uid);
}

function recordClearance({ s, w, hidden }: Case, { text, clearedBy }: ClearanceWish, block: BlockedWorkflow): Step {
  const clearReason = cleanText(withoutValues(text, hidden));
  const clearMethod = "ExecutionAnnotation";
  const targetResource = s.lock.value?.spec.targetResource ?? "";
  return (
    writeStatus(s, w, {
      status: { blockClearance: { clearedAt: toTimestamp(s.now), clearedBy, clearReason, clearMethod } },
      events: [clearedEvent(block, { targetResource, clearedBy, clearReason, clearMethod })],
    }) ?? DONE
  );
}
