import { createHash } from "node:crypto";
import { rowColumnNames } from "./row-columns.ts";
import type { RowColumn } from "./row-columns.ts";

/** A row of audit.events as it is read for verifying. Hashes are lower-case hex. */
export interface TrailRow {
  readonly seq: number;
  /** Microseconds since 1970. */
  readonly recordedAt: number;
  readonly prevHash: string;
  readonly rowHash: string;
  /** The columns of row-columns.ts as texts, in that order. */
  readonly values: readonly (string | null)[];
}

/** A row of audit.keys. */
export interface KeyRow {
  readonly seq: number;
  readonly eventId: string;
  readonly contentHash: string;
  readonly wfeUid: string;
  readonly ordinal: string;
}

const places = new Map(rowColumnNames.map((column, index) => [column, index]));

/** The text of one of its columns. */
export function valueOf(row: TrailRow, column: RowColumn): string | null {
  return row.values[places.get(column) ?? -1] ?? null;
}

/**
 * All that is hashed of a row but prev_hash: each value's length in bytes, a colon and the value, or - for NULL. Starts with
 * the encoding. The same as audit.row_text in the database, which it doesn't use.
 */
export function rowText(values: readonly (string | null)[]): string {
  let text = "";
  for (const value of values) text += value === null ? "-" : `${String(Buffer.byteLength(value))}:${value}`;
  return text;
}

/** What row_hash has to be: SHA-256 of prev_hash and the row's text. */
export function computeRowHash({ prevHash, values }: Pick<TrailRow, "prevHash" | "values">): string {
  return createHash("sha256").update(prevHash, "hex").update(rowText(values), "utf8").digest("hex");
}

/** What the first row's prev_hash has to be: no trail fits behind another one's beginning. */
export function genesisHash(origin: string): string {
  return createHash("sha256").update(`workflow-execution audit ${origin}`, "utf8").digest("hex");
}
