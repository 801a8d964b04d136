import type { Database } from "../append.ts";
import { listHolds } from "../sql/list-holds.ts";
import { placeHold as placeStatement } from "../sql/place-hold.ts";
import { releaseHold as releaseStatement } from "../sql/release-hold.ts";
import { call } from "./call.ts";

/** What must not be dropped: every partition with a part of this time. */
export interface HoldRecord {
  readonly id: string;
  readonly from_time: Date;
  readonly to_time: Date;
  readonly reason: string;
  /** The events that say who placed and who released it. */
  readonly placed_seq: number;
  readonly released_seq: number | null;
}

/** pg gives a bigint as a text. */
type HoldRow = Omit<HoldRecord, "placed_seq" | "released_seq"> & {
  readonly placed_seq: string;
  readonly released_seq: string | null;
};

/** The time to hold, RFC 3339, and why. */
export interface NewHold {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** Everything that is or was held, the newest first. For members of audit_reader or audit_retention. */
export async function readHolds(database: Database): Promise<readonly HoldRecord[]> {
  const rows = (await database.query(listHolds, [])).rows as readonly HoldRow[];
  return rows.map((row) => ({
    ...row,
    placed_seq: Number(row.placed_seq),
    released_seq: row.released_seq === null ? null : Number(row.released_seq),
  }));
}

/**
 * Places a hold, which is an event of the trail. For members of audit_retention.
 *
 * @returns its id
 * @throws DatabaseError where it is refused
 */
export async function placeHold(url: string, { from, to, reason }: NewHold): Promise<string> {
  const [row] = await call<{ readonly id: string }>(url, placeStatement, [from, to, reason]);
  return row?.id ?? "";
}

/** Releases a hold, which is an event of the trail. Throws DatabaseError where there is none to release. */
export async function releaseHold(url: string, id: string, reason: string): Promise<void> {
  await call(url, releaseStatement, [id, reason]);
}
