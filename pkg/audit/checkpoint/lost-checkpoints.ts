import type { Database } from "../append.ts";
import { rowHashAt } from "../row-hash-at.ts";
import type { WrittenCheckpoint } from "./checkpoint.ts";
import type { TrailEnd } from "./trail-end.ts";

/**
 * Those of the checkpoints that the trail contradicts: it is another one, ends before, or has another row in that place. A row
 * that is no longer there although the trail goes beyond it is none: months are dropped when their time is over.
 *
 * @throws DatabaseError or a connection's error: then nothing is known
 */
export async function lostCheckpoints(
  database: Database,
  end: TrailEnd,
  checkpoints: readonly WrittenCheckpoint[],
): Promise<readonly WrittenCheckpoint[]> {
  const lost: WrittenCheckpoint[] = [];
  for (const checkpoint of checkpoints) {
    if (await isLost(database, end, checkpoint)) lost.push(checkpoint);
  }
  return lost;
}

async function isLost(database: Database, end: TrailEnd, { origin, seq, hash }: WrittenCheckpoint): Promise<boolean> {
  if (origin !== end.origin || seq > end.seq) return true;
  return ((await rowHashAt(database, seq)) ?? hash) !== hash;
}
