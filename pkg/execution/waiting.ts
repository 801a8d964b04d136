/** Reasons in status.reason of an execution that waits for its target (onBusy, onCooldown: Wait), by what is in its way. */
export const WAITING_FOR = {
  busy: "WaitingForTarget",
  backoff: "WaitingForBackoff",
  cooldown: "WaitingForCooldown",
  turn: "WaitingForTurn",
} as const;

const WAITING_REASONS: ReadonlySet<string> = new Set(Object.values(WAITING_FOR));

/** Whether that status.reason says that an execution waits for its target. */
export function isWaitingReason(reason: string | undefined): boolean {
  return WAITING_REASONS.has(reason ?? "");
}
