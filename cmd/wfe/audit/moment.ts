import { parseGoDuration } from "../../../pkg/config/go-duration.ts";
import { UsageError } from "../usage-error.ts";

/** A moment as a person says it: itself (RFC 3339, UTC), or how many milliseconds ago. */
export type Moment = { readonly at: string } | { readonly agoMs: number };

const DAY_MS = 86_400_000;
const RFC3339 = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads a moment: 2026-03-01T10:00:00Z (with its zone), 2026-03-01 (its beginning in UTC), or a time ago, 90m, 36h or 7d.
 *
 * @param option whose value it is, for the message
 * @throws UsageError
 */
export function parseMoment(option: string, text: string): Moment {
  const agoMs = parseAgo(text);
  if (agoMs !== undefined) return { agoMs };
  const ms = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return { at: new Date(ms).toISOString() };
  throw new UsageError(`--${option} ${text}: expected 2026-03-01T10:00:00Z, 2026-03-01 (UTC), or a time ago: 90m, 7d`);
}

/** The moment itself, RFC 3339. `now` in milliseconds since 1970. */
export function resolveMoment(moment: Moment, now: number): string {
  return "at" in moment ? moment.at : new Date(now - moment.agoMs).toISOString();
}

function parseAgo(text: string): number | undefined {
  const [, days] = /^(\d{1,5})d$/.exec(text) ?? [];
  return days === undefined ? parseGoDuration(text) : Number(days) * DAY_MS;
}
