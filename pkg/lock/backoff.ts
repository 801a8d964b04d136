/** How long a workflow backs off on a target after failures before execution. Times are milliseconds. BR-WE-012. */
export interface BackoffPolicy {
  readonly backoffBaseMs: number;
  readonly backoffMaxMs: number;
}

/** Backoff after so many failures in a row (1, 2, …): base, twice base, four times base, … up to the maximum. */
export function backoffMs(failures: number, { backoffBaseMs, backoffMaxMs }: BackoffPolicy): number {
  if (failures < 1) return 0;
  return Math.min(backoffBaseMs * 2 ** (failures - 1), backoffMaxMs);
}
