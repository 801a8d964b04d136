/** What can be wrong with a trail. */
export type ProblemKind =
  /** A row's columns don't have the hash that it was recorded with: they were changed. */
  | "row-hash"
  /** A row doesn't follow the one before: rows were exchanged, or rewritten from there on or up to there. */
  | "chain"
  /** Rows are missing. */
  | "gap"
  /** Two rows have one number. */
  | "duplicate"
  /** A row was recorded before the one before it. */
  | "time"
  /** A row is written in a way that this version doesn't know. */
  | "encoding"
  /** audit.keys has something else than the rows: events could be recorded twice or be refused. */
  | "keys"
  /** audit.head names another end than the last row. */
  | "head"
  /** audit.partitions has something else than the rows. */
  | "partition"
  /** A partition is gone, or not attached, without being dropped as it should. */
  | "missing-partition"
  /** What was dropped isn't what the trail says was dropped. */
  | "retention"
  /** audit.holds has something else than the trail says was placed and released. */
  | "hold"
  /** Another trail than the one that was expected. */
  | "origin"
  /** What was said of the trail once, outside of the database, isn't true any more: it was rewritten, cut or is an old copy. */
  | "anchor"
  /** A checkpoint that can't be read. */
  | "checkpoint"
  /** A checkpoint that isn't signed, or whose signature isn't that of its text. */
  | "signature"
  /** A checkpoint that is signed by a key that nobody knows. */
  | "key";

/** The first thing that is wrong. */
export interface Problem {
  readonly kind: ProblemKind;
  /** The first row that is concerned, also where it is missing. */
  readonly seq: number;
  /** For people. */
  readonly detail: string;
}
