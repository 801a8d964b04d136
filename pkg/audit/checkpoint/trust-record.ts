import type { KeyObject } from "node:crypto";
import { isSignedBy } from "./check-checkpoint.ts";
import { keyIdOf } from "./checkpoint-key.ts";
import type { CheckpointRecord } from "./checkpoint-record.ts";
import type { WrittenCheckpoint } from "./checkpoint.ts";

export interface TrustedRecord extends CheckpointRecord {
  /** What names our key and wasn't signed by it: the texts. */
  readonly forged: readonly string[];
}

/**
 * The record without what is certainly not ours: else whoever may write there could make a controller report forks. What is
 * unsigned, or signed by another key, may be from before this key and is believed.
 */
export function trustRecord(record: CheckpointRecord, signingKey: KeyObject | undefined): TrustedRecord {
  const forged = allOf(record).filter((checkpoint) => isForged(checkpoint, signingKey));
  const { newest } = record;
  return {
    ...record,
    newest: newest !== undefined && forged.includes(newest) ? undefined : newest,
    older: record.older.filter((checkpoint) => !forged.includes(checkpoint)),
    forged: forged.map(({ text }) => text),
  };
}

/** The checkpoints of a record that should be true, oldest first. */
export function allOf({ older, newest }: CheckpointRecord): readonly WrittenCheckpoint[] {
  return newest === undefined ? older : [...older, newest];
}

function isForged(checkpoint: WrittenCheckpoint, signingKey: KeyObject | undefined): boolean {
  if (signingKey === undefined || checkpoint.keyId !== keyIdOf(signingKey)) return false;
  return !isSignedBy(checkpoint, signingKey);
}
