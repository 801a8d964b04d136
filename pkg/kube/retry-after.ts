import type { KubeStatus } from "./kube-status.ts";

/** Headers that say when to come again, as the answer carried them. */
export interface RetryHeaders {
  readonly retryAfter?: string;
  readonly date?: string;
}

/**
 * How long the server asks us to stay away, in milliseconds: from Retry-After (seconds, or a date compared with the
 * answer's own Date: never with our clock), else from the Status.
 */
export function retryAfterMs(headers: RetryHeaders, status: KubeStatus | undefined): number | undefined {
  return fromHeader(headers) ?? fromStatus(status);
}

function fromHeader({ retryAfter, date }: RetryHeaders): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d+$/.test(retryAfter.trim())) return Number(retryAfter) * 1000;
  const wait = Date.parse(retryAfter) - Date.parse(date ?? "");
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

function fromStatus(status: KubeStatus | undefined): number | undefined {
  const seconds = status?.details?.retryAfterSeconds;
  return seconds === undefined || seconds <= 0 ? undefined : seconds * 1000;
}
