import { ApiError } from "./api-error.ts";

/** Longer waits are not believed: a wrong proxy's "come back tomorrow" must not switch the controller off for a day. */
const longestRetryAfterMs = 5 * 60_000;

/** The least time to wait before a retry, in milliseconds, as the server asked for it with this error; 0 where it didn't. */
export function retryAfterMs(error: unknown): number {
  if (!(error instanceof ApiError)) return 0;
  return Math.min(error.facts.retryAfterMs ?? 0, longestRetryAfterMs);
}
