import { ANNOTATION_CLEAR_BLOCK } from "../../api/labels.ts";
import type { TargetLock, WorkflowHistory } from "../../api/target-lock.ts";
import { toTimestamp, toTimestampCeil } from "../../api/time.ts";
import type { SkipDetails } from "../../api/workflow-execution.ts";
import type { BlockedWorkflow } from "../../lock/block.ts";
import { failureCount, historyOf } from "../../lock/history.ts";
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
export function recentRemediationDetails(lock: TargetLock, workflowId: string, time: Until): SkipDetails {
  const { until, remaining } = inWords(time);
  const message = `workflow ${workflowId} ran on target ${lock.spec.targetResource}${byWhom(lock, workflowId)} within the cooldown, which ends at ${until} (in ${remaining})`;
  return recently(lock, workflowId, { ...time, message });
}

/** The same workflow failed on the target before it ran: how often in a row, and when its backoff ends. BR-WE-012. */
export function backoffDetails(lock: TargetLock, workflowId: string, time: Until): SkipDetails {
  const { until, remaining } = inWords(time);
  const failures = inARow(failureCount(historyOf(lock, workflowId)));
  const message = `workflow ${workflowId} failed ${failures} on target ${lock.spec.targetResource} before it ran (last${byWhom(lock, workflowId)}); it may be tried again from ${until} (in ${remaining})`;
  return recently(lock, workflowId, { ...time, message });
}

/** A person has to clear the workflow on this target first: whose failure blocks it, and how it is cleared. BR-WE-013. */
export function blockedDetails(
  lock: TargetLock,
  { block, workflowId, now }: { readonly block: BlockedWorkflow; readonly workflowId: string; readonly now: number },
): SkipDetails {
  const { namespace, name, uid, since, reason } = block.blockedBy;
  const by = `execution ${namespace}/${name} (workflow ${block.workflowId})`;
  const what =
    reason === "ExhaustedRetries"
      ? `failed ${inARow(failureCount(block))} before it ran, last with ${by}`
      : `ran and failed with ${by}`;
  const same = block.workflowId === workflowId ? `workflow ${workflowId}` : `the bundle of workflow ${workflowId}`;
  const message = `${same} ${what} on target ${lock.spec.targetResource}, and is blocked there since ${since} until someone clears it: annotation ${ANNOTATION_CLEAR_BLOCK} on TargetLock ${lock.metadata.name}`;
  return {
    reason,
    message,
    skippedAt: toTimestamp(now),
    recentRemediation: { namespace, name, uid, ...lastOf(lock, block) },
  };
}

/** Everything that the record can hold is blocked: nothing else is started there. */
export function fullDetails(lock: TargetLock, now: number): SkipDetails {
  const blocked = String(lock.spec.workflows?.length ?? 0);
  const message = `${blocked} workflows are blocked on target ${lock.spec.targetResource}, so many that nothing more is started there until someone clears one of them: annotation ${ANNOTATION_CLEAR_BLOCK} on TargetLock ${lock.metadata.name}`;
  return { reason: "PreviousExecutionFailed", message, skippedAt: toTimestamp(now) };
}

/** Until when something lasts, as seen now (ms, server time). */
interface Until {
  readonly end: number;
  readonly now: number;
}

function recently(lock: TargetLock, workflowId: string, skip: Until & { readonly message: string }): SkipDetails {
  const { until, remaining } = inWords(skip);
  const last = historyOf(lock, workflowId);
  return {
    reason: "RecentlyRemediated",
    message: skip.message,
    skippedAt: toTimestamp(skip.now),
    recentRemediation: {
      ...last?.lastExecution,
      ...lastOf(lock, last ?? { workflowId }),
      cooldownRemaining: remaining,
      cooldownEndsAt: until,
    },
  };
}

function lastOf(lock: TargetLock, { workflowId, completedAt, lastOutcome }: WorkflowHistory) {
  return {
    workflowId,
    ...(completedAt === undefined ? {} : { completedAt }),
    ...(lastOutcome === undefined ? {} : { outcome: lastOutcome }),
    targetResource: lock.spec.targetResource,
  };
}

function byWhom(lock: TargetLock, workflowId: string): string {
  const last = historyOf(lock, workflowId)?.lastExecution;
  return last === undefined ? "" : ` by ${last.namespace}/${last.name}`;
}

function inARow(count: number): string {
  return count === 1 ? "once" : `${String(count)} times in a row`;
}

function inWords({ end, now }: Until): { readonly until: string; readonly remaining: string } {
  return { until: toTimestampCeil(end), remaining: formatGoDuration(Math.ceil((end - now) / 1000) * 1000) };
}
