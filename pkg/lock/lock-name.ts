import { sha256Hex } from "../api/sha256.ts";

const HASH_LENGTH = 32;
const PREFIX = "target-";

/** Name of the TargetLock of a canonical target: `target-` and the first 32 hex digits of its SHA-256. */
export function lockName(canonical: string): string {
  return `${PREFIX}${sha256Hex(canonical).slice(0, HASH_LENGTH)}`;
}

/** The hash in a lock's name: the value of the label `kubernaut.ai/target-hash`. */
export function targetHash(lock: string): string {
  return lock.slice(PREFIX.length);
}

/** Name of the lock whose hash a run carries in its label. */
export function lockNameOfHash(hash: string): string {
  return `${PREFIX}${hash}`;
}
