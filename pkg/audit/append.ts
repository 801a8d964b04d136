import type { EventRow } from "./event-content.ts";
import { appendEvents } from "./sql/append-events.ts";
import { findEvents } from "./sql/find-events.ts";

/** What became of one event that was sent. */
export type AppendOutcome =
  | {
      readonly kind: "recorded";
      /** Its place in the trail. */
      readonly seq: number;
      /** Row hash, 64 hex digits. */
      readonly hash: string;
    }
  /** It can't be recorded, now or later: the trail has something else in its place, or PostgreSQL doesn't take it. */
  | { readonly kind: "refused"; readonly reason: string };

/** The part of pg's Pool and Client that is needed. */
export interface Database {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

interface StoredEvent {
  readonly event_id: string;
  /** A bigint, which pg gives as a text. */
  readonly seq: string;
  readonly content_hash: string;
  readonly row_hash: string;
}

/**
 * Records events, of any number of objects, in one transaction and usually one round trip. An event that is already
 * recorded with the same content gives the same receipt again; one with other content under its id, or another event
 * with its ordinal, is refused. The trail stays as it is.
 *
 * @returns the outcome of every event by its id
 * @throws DatabaseError or a connection's error: then it is unknown whether any was recorded; send all again
 */
export async function append(
  database: Database,
  rows: readonly EventRow[],
): Promise<ReadonlyMap<string, AppendOutcome>> {
  const stored = await receipts(database, appendEvents, JSON.stringify(rows.map(asRecord)));
  const unseen = rows.map((row) => row.event_id).filter((id) => !stored.has(id));
  const late = unseen.length === 0 ? stored : new Map([...stored, ...(await receipts(database, findEvents, unseen))]);
  return new Map(rows.map((row) => [row.event_id, outcomeOf(row, late.get(row.event_id))]));
}

async function receipts(database: Database, statement: string, value: unknown): Promise<Map<string, StoredEvent>> {
  const { rows } = await database.query(statement, [value]);
  return new Map((rows as readonly StoredEvent[]).map((event) => [event.event_id, event]));
}

function outcomeOf(sent: EventRow, stored: StoredEvent | undefined): AppendOutcome {
  if (stored === undefined) {
    return { kind: "refused", reason: `another event is recorded as number ${String(sent.ordinal)} of its object` };
  }
  if (stored.content_hash !== sent.content_hash) {
    return { kind: "refused", reason: `recorded with other content as number ${stored.seq} of the trail` };
  }
  return { kind: "recorded", seq: Number(stored.seq), hash: stored.row_hash };
}

/** As PostgreSQL reads bytes in JSON. */
function asRecord(row: EventRow): object {
  return { ...row, content_hash: `\\x${row.content_hash}`, row_hash: `\\x${row.row_hash}` };
}
