import { describeDatabase } from "../../../pkg/audit/pool.ts";

const UNPREPARED: ReadonlySet<string> = new Set(["3F000", "42P01", "42883", "42703"]);
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * What PostgreSQL refused, or that it can't be reached, as one sentence that says what to do. Anything else as it is.
 *
 * @param url of the database; what is shown of it has no password
 */
export function explainError(error: unknown, url: string): Error {
  const { message, code } = factsOf(error);
  if (code === "42501" && message.startsWith("permission denied")) {
    return new Error(`${message}: this login lacks the role (wfe audit grant reader|retention LOGIN)`);
  }
  if (UNPREPARED.has(code)) {
    return new Error(`${message}: the database isn't prepared for this version (wfe audit migrate)`);
  }
  if (code === LOCK_NOT_AVAILABLE) return new Error(`${message}: somebody reads that partition; try again later`);
  if (/^E[A-Z]+$/.test(code)) return new Error(`PostgreSQL at ${describeDatabase(url)} can't be reached: ${message}`);
  return error instanceof Error ? error : new Error(message);
}

interface Facts {
  readonly message: string;
  readonly code: string;
}

/** Node reports a failed connection to several addresses as one error without a message of its own. */
function factsOf(error: unknown): Facts {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && "code" in first ? String(first.code) : "";
  return { message: first instanceof Error ? first.message : String(first), code };
}
