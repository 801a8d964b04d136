import type { EventRow } from "./event-content.ts";
import { appendEvents } from "./sql/append-events.ts";

/** What became of one event that was sent. */
export type AppendOutcome =
  | {
      readonly kind: "recorded";
      /** Its place in the trail. */
      readonly seq: number;
      /** Row hash, 64 hex digits: with the place, it stands for this row and all before it. */
      readonly hash: string;
    }
  /** It can't be recorded, now or later: the trail has something else in its place, or PostgreSQL doesn't take it. */
  | { readonly kind: "refused"; readonly reason: string };

/** The part of pg's Pool and Client that is needed. */
export interface Database {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

interface Answer {
  readonly event_id: string;
  /** A bigint, which pg gives as a text. */
  readonly seq: string;
  readonly row_hash: string;
  readonly refusal: "content" | "ordinal" | null;
}

/**
 * Records events, of any number of objects, in one transaction and one round trip. An event that is already recorded with
 * the same content gives the same receipt again; one with other content under its id, or another event with its ordinal,
 * is refused. The trail stays as it is.
 *
 * @returns the outcome of every event by its id
 * @throws DatabaseError or a connection's error: then it is unknown whether any was recorded; send all again
 */
export async function append(
  database: Database,
  rows: readonly EventRow[],
): Promise<ReadonlyMap<string, AppendOutcome>> {
  const { rows: answers } = await database.query(appendEvents, [rows.map(asRecord)]);
  const outcomes = (answers as readonly Answer[]).map((answer) => [answer.event_id, outcomeOf(answer)] as const);
  return new Map(outcomes);
}

function outcomeOf({ seq, row_hash: hash, refusal }: Answer): AppendOutcome {
  switch (refusal) {
    case null:
      return { kind: "recorded", seq: Number(seq), hash };
    case "content":
      return { kind: "refused", reason: `recorded with other content as number ${seq} of the trail` };
    case "ordinal":
      return { kind: "refused", reason: `another event of its object has its ordinal, as number ${seq} of the trail` };
  }
}

/** As PostgreSQL reads bytes in JSON. */
function asRecord(row: EventRow): string {
  return JSON.stringify({ ...row, content_hash: `\\x${row.content_hash}` });
}
