import type { TargetLock } from "../../api/target-lock.ts";
import { toTimestamp, toTimestampCeil } from "../../api/time.ts";
import type { SkipDetails } from "../../api/workflow-execution.ts";
import { historyOf } from "../../lock/history.ts";
import { formatGoDuration } from "../../tekton/go-duration.ts";

/** Another execution holds the target: who, since when. BR-WE-009. */
export function resourceBusyDetails(lock: TargetLock, target: string, now: number): SkipDetails {
  const { holder } = lock.spec;
  if (holder === undefined) {
    const message = `target ${target}: lock ${lock.metadata.name} can't be read by this version (format ${String(lock.spec.formatVersion)}, target ${lock.spec.targetResource})`;
    return { reason: "ResourceBusy", message, skippedAt: toTimestamp(now) };
  }
  const message = `target ${target} is held by execution ${holder.namespace}/${holder.name} (workflow ${holder.workflowId}) since ${holder.since}`;
  return {
    reason: "ResourceBusy",
    message,
    skippedAt: toTimestamp(now),
    conflictingWorkflow: {
      name: holder.name,
      namespace: holder.namespace,
      uid: holder.uid,
      workflowId: holder.workflowId,
      startedAt: holder.since,
      targetResource: lock.spec.targetResource,
    },
  };
}

/** The same workflow succeeded on the target a moment ago: which execution, and when the cooldown ends. BR-WE-010. */
export function recentRemediationDetails(
  lock: TargetLock,
  workflowId: string,
  { end, now }: { readonly end: number; readonly now: number },
): SkipDetails {
  const last = historyOf(lock, workflowId);
  const remaining = formatGoDuration(Math.ceil((end - now) / 1000) * 1000);
  const by = last?.lastExecution === undefined ? "" : ` by ${last.lastExecution.namespace}/${last.lastExecution.name}`;
  const message = `workflow ${workflowId} ran on target ${lock.spec.targetResource}${by} within the cooldown, which ends at ${toTimestampCeil(end)} (in ${remaining})`;
  return {
    reason: "RecentlyRemediated",
    message,
    skippedAt: toTimestamp(now),
    recentRemediation: {
      ...last?.lastExecution,
      workflowId,
      ...(last?.completedAt === undefined ? {} : { completedAt: last.completedAt }),
      ...(last?.lastOutcome === undefined ? {} : { outcome: last.lastOutcome }),
      targetResource: lock.spec.targetResource,
      cooldownRemaining: remaining,
      cooldownEndsAt: toTimestampCeil(end),
    },
  };
}
