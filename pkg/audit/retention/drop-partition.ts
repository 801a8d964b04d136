import { dropPartition as dropStatement } from "../sql/drop-partition.ts";
import { call } from "./call.ts";

/**
 * Drops the oldest partition, which is an event of the trail. For members of audit_retention.
 *
 * @returns the number of that event
 * @throws DatabaseError where it isn't the oldest, isn't sealed, is within the retention period or under a hold
 */
export async function dropPartition(url: string, name: string): Promise<number> {
  const [row] = await call<{ readonly seq: string }>(url, dropStatement, [name]);
  return Number(row?.seq);
}
