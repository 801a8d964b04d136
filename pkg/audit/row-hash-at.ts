import type { Database } from "./append.ts";
import { hashAt } from "./sql/hash-at.ts";

/**
 * The hash of one row of the trail, lower-case hex; undefined where the trail has no such row.
 *
 * @throws DatabaseError or a connection's error: then nothing is known
 */
export async function rowHashAt(database: Database, seq: number): Promise<string | undefined> {
  const { rows } = await database.query(hashAt, [seq]);
  const [row] = rows as readonly { readonly hash: string | null }[];
  return row?.hash ?? undefined;
}
