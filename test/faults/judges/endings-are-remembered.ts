import type { TargetLock, WorkflowHistory } from "../../../pkg/api/target-lock.ts";
import type { WorkflowExecutionStatus } from "../../../pkg/api/workflow-execution.ts";
import { writtenAt } from "../actors.ts";
import type { Change } from "../change.ts";
import { endedAt } from "../ended-at.ts";
import { nameOf, type Ledger } from "../ledger.ts";
import type { Judge } from "../moment.ts";

/**
 * What an execution's end means for the next one is in the lock's record as soon as the target is free: the cooldown
 * after a success, the block after a run that failed. And a cooldown stays there until it is over.
 */
export function judgeMemory(ledger: Ledger, cooldownMs: number): Judge {
  return ({ change, scene }) => {
    if (change.kind !== "lock" || change.before === undefined || change.after === undefined) return;
    checkCooldowns(ledger, change, change.after);
    const { holder } = change.before.spec;
    if (holder === undefined || change.after.spec.holder !== undefined) return;
    const entry = entryOf(change.after, holder.workflowId);
    const status = scene.get("execution", holder.uid)?.object.status;
    const forgotten = status === undefined ? undefined : forgottenOf(ledger, { status, entry, cooldownMs });
    if (forgotten === undefined) return;
    const what = `was given back without the ${forgotten} of workflow ${holder.workflowId}, left by ${holder.name} (${holder.uid})`;
    breach(ledger, change, what);
  };
}

interface Ending {
  readonly status: WorkflowExecutionStatus;
  readonly entry: WorkflowHistory | undefined;
  readonly cooldownMs: number;
}

function forgottenOf(ledger: Ledger, { status, entry, cooldownMs }: Ending): string | undefined {
  if (status.phase === "Completed") {
    ledger.count("remembered successes");
    return Date.parse(entry?.cooldownEndsAt ?? "") >= endedAt(status) + cooldownMs ? undefined : "cooldown";
  }
  if (status.failureDetails?.wasExecutionFailure !== true) return undefined;
  ledger.count("remembered failures");
  return entry?.blockedBy !== undefined || status.blockClearance !== undefined ? undefined : "block";
}

/** The writer's clock is an estimate of the server's, and the server's is cut off to seconds. */
const CLOCK_ERROR_MS = 1000;

function checkCooldowns(ledger: Ledger, change: Change<"lock">, after: TargetLock): void {
  const now = writtenAt(after) ?? Infinity;
  for (const { workflowId, cooldownEndsAt } of change.before?.spec.workflows ?? []) {
    const end = Date.parse(cooldownEndsAt ?? "");
    const kept = Date.parse(entryOf(after, workflowId)?.cooldownEndsAt ?? "");
    const isRunning = end > now + CLOCK_ERROR_MS;
    if (!isRunning || kept >= end) continue;
    breach(ledger, change, `lost the cooldown of workflow ${workflowId}, which ends at ${String(cooldownEndsAt)}`);
  }
}

function entryOf(lock: TargetLock, workflowId: string): WorkflowHistory | undefined {
  return lock.spec.workflows?.find((entry) => entry.workflowId === workflowId);
}

function breach(ledger: Ledger, change: Change<"lock">, what: string): void {
  ledger.violate({
    invariant: "history",
    revisions: [change.revision],
    objects: [nameOf("lock", change.object)],
    sentence: `lock ${change.object.metadata.name} ${what}`,
  });
}
