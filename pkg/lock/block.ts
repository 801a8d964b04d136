/** Blocks: workflows that may not run on a target until a person has cleared that (lock.md section 4, BR-WE-012, BR-WE-013). */
import type { TargetLock, WorkflowHistory } from "../api/target-lock.ts";

/** Why a workflow is blocked: it ran and failed, or it failed too often before it ran. */
export type BlockReason = "PreviousExecutionFailed" | "ExhaustedRetries";

/** A record with its block. */
export type BlockedWorkflow = WorkflowHistory & Required<Pick<WorkflowHistory, "blockedBy">>;

/** What somebody wants to run: by its name, and by what is in it. */
export interface AskedWorkflow {
  readonly workflowId: string;
  readonly bundle: { readonly repository: string; readonly digest?: string };
}

/**
 * The record that blocks this workflow here. A run that failed blocks its bundle too: workflowId is only the requester's
 * word (api.md section 7).
 */
export function blockOn(lock: TargetLock, asked: AskedWorkflow): BlockedWorkflow | undefined {
  const blocked = blockedWorkflows(lock.spec.workflows);
  return (
    blocked.find(({ workflowId }) => workflowId === asked.workflowId) ??
    blocked.find((entry) => entry.blockedBy.reason === "PreviousExecutionFailed" && isSameBundle(entry, asked))
  );
}

/** The records that only a person can clear. */
export function blockedWorkflows(workflows: readonly WorkflowHistory[] = []): readonly BlockedWorkflow[] {
  return workflows.filter(isBlocked);
}

/** The history without the block of that workflow; its failures are forgotten too, or one more would block it again. */
export function withoutBlock(workflows: readonly WorkflowHistory[], workflowId: string): readonly WorkflowHistory[] {
  return workflows.map((entry) => {
    if (entry.workflowId !== workflowId) return entry;
    const { blockedBy: _blockedBy, nextAllowedAt: _nextAllowedAt, ...kept } = entry;
    return { ...kept, consecutiveFailures: 0 };
  });
}

function isBlocked(entry: WorkflowHistory): entry is BlockedWorkflow {
  return entry.blockedBy !== undefined;
}

function isSameBundle({ bundle }: WorkflowHistory, { bundle: asked }: AskedWorkflow): boolean {
  return bundle?.digest !== undefined && bundle.digest === asked.digest && bundle.repository === asked.repository;
}
