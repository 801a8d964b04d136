import { readKeys, readRows } from "../sql/read-trail.ts";
import { rowColumnNames } from "./row-columns.ts";
import type { KeyRow, TrailRow } from "./trail-row.ts";

/** The part of pg's Client that is needed: it also gives rows as lists, which is faster than as objects. */
export interface TrailReader {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  query(config: {
    readonly text: string;
    readonly values: unknown[];
    readonly rowMode: "array";
  }): Promise<{ readonly rows: readonly unknown[] }>;
}

const seqPlace = rowColumnNames.indexOf("seq");
const timePlace = rowColumnNames.indexOf("recorded_at");

/** At most `limit` rows from number `from` on, that one too, by number. */
export async function pageOfRows(reader: TrailReader, from: number, limit: number): Promise<readonly TrailRow[]> {
  const { rows } = await reader.query({ text: readRows, values: [from, limit], rowMode: "array" });
  return (rows as readonly (readonly (string | null)[])[]).map(([prevHash, rowHash, ...values]) => ({
    seq: Number(values[seqPlace]),
    recordedAt: Number(values[timePlace]),
    prevHash: prevHash ?? "",
    rowHash: rowHash ?? "",
    values,
  }));
}

interface KeyRecord {
  readonly seq: string;
  readonly event_id: string;
  readonly content_hash: string;
  readonly wfe_uid: string;
  readonly ordinal: string;
}

export interface KeyRange {
  /** The first number is the next one. */
  readonly after: number;
  /** The last number. */
  readonly to: number;
  readonly limit: number;
}

/** The keys of a range of rows, by number. */
export async function keysOf(reader: TrailReader, { after, to, limit }: KeyRange): Promise<readonly KeyRow[]> {
  const { rows } = await reader.query(readKeys, [after, to, limit]);
  return (rows as readonly KeyRecord[]).map((record) => ({
    seq: Number(record.seq),
    eventId: record.event_id,
    contentHash: record.content_hash,
    wfeUid: record.wfe_uid,
    ordinal: record.ordinal,
  }));
}
