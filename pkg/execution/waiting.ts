/**
 * Reasons in status.reason of an execution that waits to take its target, by what is in its way: what it was asked to wait
 * for (onBusy, onCooldown: Wait), an earlier one's turn, or an audit trail that is behind.
 */
export const WAITING_FOR = {
  busy: "WaitingForTarget",
  backoff: "WaitingForBackoff",
  cooldown: "WaitingForCooldown",
  turn: "WaitingForTurn",
  audit: "AuditBacklog",
} as const;

/** Reason in status.reason of an execution whose run is there and starts when the event of its start is committed. */
export const WAITING_FOR_AUDIT = "WaitingForAudit";

const WAITING_REASONS: ReadonlySet<string> = new Set(Object.values(WAITING_FOR));

/** Whether that status.reason says that an execution waits for its target. */
export function isWaitingReason(reason: string | undefined): boolean {
  return WAITING_REASONS.has(reason ?? "");
}
