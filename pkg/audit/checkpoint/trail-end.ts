import type { Database } from "../append.ts";
import { readEnd } from "../sql/read-end.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** Where the trail ends at this moment, as its database says. */
export type TrailEnd = Pick<Checkpoint, "origin" | "seq" | "hash" | "timeline">;

interface Answer {
  readonly origin: string;
  readonly seq: string;
  readonly hash: string;
  readonly timeline: string | null;
}

/**
 * Asks where the trail ends.
 *
 * @throws DatabaseError or a connection's error, also where the database isn't prepared yet
 */
export async function readTrailEnd(database: Database): Promise<TrailEnd> {
  const [answer] = (await database.query(readEnd, [])).rows as readonly Answer[];
  if (answer === undefined) throw new Error("audit.head is empty: the trail was damaged");
  const { origin, seq, hash, timeline } = answer;
  return { origin, seq: Number(seq), hash, ...(timeline === null ? {} : { timeline }) };
}
