import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { parseCheckpoint, type Checkpoint, type WrittenCheckpoint } from "../../pkg/audit/checkpoint/checkpoint.ts";
import { signCheckpoint } from "../../pkg/audit/checkpoint/sign-checkpoint.ts";
import { ORIGIN } from "./audited-trail.ts";

type Parts = Partial<Omit<Checkpoint, "keyId">>;

/** What a checkpoint says; row 7 has the hash 0707…, and so on. */
export function aCheckpoint(parts: Parts = {}): Omit<Checkpoint, "keyId"> {
  const { seq = 7 } = parts;
  return {
    origin: ORIGIN,
    seq,
    hash: hashOf(seq),
    time: "2026-03-01T10:00:09.000Z",
    forks: 0,
    isNoted: true,
    ...parts,
  };
}

/** One as it is read again, signed where there is a key. */
export function aWrittenCheckpoint(parts: Parts = {}, signingKey?: KeyObject): WrittenCheckpoint {
  const text = signCheckpoint(aCheckpoint(parts), signingKey);
  const written = parseCheckpoint(text);
  if (written === undefined) throw new Error(`this is no checkpoint: ${text}`);
  return written;
}

/** The hash of the row with that number, in tests that don't compute any. */
export function hashOf(seq: number): string {
  return seq.toString(16).padStart(2, "0").repeat(32).slice(0, 64);
}

/** Another key each time. */
export function aSigningKey(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return generateKeyPairSync("ed25519");
}
