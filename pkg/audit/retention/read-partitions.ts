import type { Database } from "../append.ts";
import { listPartitions } from "../sql/list-partitions.ts";
import { mayReadHead } from "../sql/may-read-head.ts";
import { readHead } from "../sql/read-trail.ts";
import type { PartitionRecord } from "./partition-record.ts";

interface Row {
  readonly name: string;
  readonly first_seq: string | null;
  readonly last_seq: string | null;
  readonly dropped_by_seq: string | null;
  readonly droppable_at: Date;
  readonly is_past: boolean;
  readonly held_by: readonly string[];
}

/** Every partition that there ever was, the oldest first. For members of audit_reader or audit_retention. */
export async function readPartitions(database: Database): Promise<readonly PartitionRecord[]> {
  const rows = (await database.query(listPartitions, [])).rows as readonly Row[];
  let unsealed = await countUnsealed(database, rows);
  return rows.map((row) => {
    const isSealed = row.last_seq !== null;
    const count = isSealed ? Number(row.last_seq) - Number(row.first_seq) + 1 : unsealed;
    // What isn't sealed is in the first one that is open: the ones after it are made in advance.
    if (!isSealed && unsealed !== undefined) unsealed = 0;
    return recordOf(row, count);
  });
}

async function countUnsealed(database: Database, rows: readonly Row[]): Promise<number | undefined> {
  const [answer] = (await database.query(mayReadHead, [])).rows as readonly { readonly may: boolean }[];
  if (answer?.may !== true) return undefined;
  const [head] = (await database.query(readHead, [])).rows as readonly { readonly seq: string }[];
  return Number(head?.seq ?? 0) - Math.max(0, ...rows.map((row) => Number(row.last_seq ?? 0)));
}

function recordOf(row: Row, rows: number | undefined): PartitionRecord {
  return {
    name: row.name,
    rows,
    sealed: row.last_seq !== null,
    droppedBySeq: row.dropped_by_seq === null ? undefined : Number(row.dropped_by_seq),
    droppableAt: row.droppable_at,
    isPast: row.is_past,
    heldBy: row.held_by,
  };
}
