import type { AppendOutcome } from "./append.ts";
import { isDataError } from "./data-error.ts";
import type { EventRow } from "./event-content.ts";

export type Append = (rows: readonly EventRow[]) => Promise<ReadonlyMap<string, AppendOutcome>>;

/**
 * Appends rows in one transaction; where PostgreSQL refuses a value of one of them, each in a transaction of its own,
 * so that it stops nobody else's record.
 *
 * @returns the outcome of every row by its event id
 * @throws what `append` throws, unless it is about the value of a row
 */
export async function sendRows(append: Append, rows: readonly EventRow[]): Promise<ReadonlyMap<string, AppendOutcome>> {
  try {
    return await append(rows);
  } catch (error) {
    if (!isDataError(error)) throw error;
    return rows.length > 1 ? sendOneByOne(append, rows) : refuseAll(rows, error);
  }
}

async function sendOneByOne(append: Append, rows: readonly EventRow[]): Promise<ReadonlyMap<string, AppendOutcome>> {
  const outcomes = new Map<string, AppendOutcome>();
  for (const row of rows) {
    for (const [id, outcome] of await sendRows(append, [row])) outcomes.set(id, outcome);
  }
  return outcomes;
}

function refuseAll(rows: readonly EventRow[], error: unknown): ReadonlyMap<string, AppendOutcome> {
  // The message only: what else PostgreSQL says may repeat the whole row.
  const reason = error instanceof Error ? error.message : String(error);
  return new Map(rows.map((row) => [row.event_id, { kind: "refused", reason }]));
}
