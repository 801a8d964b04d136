import { ANNOTATION_CLEAR_BLOCK, ANNOTATION_CLEARED_BY } from "../../api/labels.ts";
import type { TargetLock } from "../../api/target-lock.ts";
import { blockedWorkflows, withoutBlock, type BlockedWorkflow } from "../../lock/block.ts";
import { withHistory } from "../../lock/lock-record.ts";
import { cleanText } from "../../tekton/clean-text.ts";
import { understoodLock } from "../own-lock.ts";
import { clearanceWish, clearedEvent, type ClearanceWish } from "../clearance.ts";
import { MAX_PENDING, nextAudit } from "../outbox.ts";
import type { LockSnapshot } from "../snapshot.ts";
import type { Step } from "../step.ts";

/**
 * Lifts a block because a person asks for it by the annotations of the lock, which outlives executions: the block, the
 * wish and the audit event are changed in one write. A wish for what isn't blocked is taken off. BR-WE-013.
 */
export function clearOnLock(s: LockSnapshot): Step | undefined {
  const lock = understoodLock(s);
  if (lock === undefined) return undefined;
  const wish = clearanceWish(lock);
  if (wish === undefined || (lock.spec.audit?.pending?.length ?? 0) >= MAX_PENDING) return undefined;
  const block = wishedFor(lock, wish);
  const rest = withoutWish(lock);
  return { type: "UpdateLock", lock: block === undefined ? rest : cleared(s, rest, { block, wish }) };
}

/** The text is `<workflowId>: <reason>`. Where a name is the beginning of another one, the longer one is meant. */
function wishedFor({ spec }: TargetLock, { text }: ClearanceWish): BlockedWorkflow | undefined {
  const named = blockedWorkflows(spec.workflows).filter(({ workflowId }) => text.startsWith(`${workflowId}: `));
  return named.toSorted((a, b) => b.workflowId.length - a.workflowId.length)[0];
}

function withoutWish(lock: TargetLock): TargetLock {
  const wishes: ReadonlySet<string> = new Set([ANNOTATION_CLEAR_BLOCK, ANNOTATION_CLEARED_BY]);
  const others = Object.entries(lock.metadata.annotations ?? {}).filter(([name]) => !wishes.has(name));
  return { ...lock, metadata: { ...lock.metadata, annotations: Object.fromEntries(others) } };
}

function cleared(
  s: LockSnapshot,
  lock: TargetLock,
  { block, wish }: { readonly block: BlockedWorkflow; readonly wish: ClearanceWish },
): TargetLock {
  const event = clearedEvent(block, {
    targetResource: lock.spec.targetResource,
    clearedBy: wish.clearedBy,
    clearReason: cleanText(wish.text.slice(`${block.workflowId}: `.length).trim()),
    clearMethod: "TargetLockAnnotation",
  });
  const next = withHistory(lock, withoutBlock(lock.spec.workflows ?? [], block.workflowId));
  return { ...next, spec: { ...next.spec, audit: nextAudit(lock.spec.audit, s.receipt, [event], s.now) } };
}
