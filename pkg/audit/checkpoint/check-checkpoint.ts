import { verify, type KeyObject } from "node:crypto";
import type { Problem, ProblemKind } from "../verify/problem.ts";
import { keyIdOf } from "./checkpoint-key.ts";
import type { WrittenCheckpoint } from "./checkpoint.ts";

/**
 * Whether a checkpoint is what the holder of one of these keys has signed.
 *
 * @param publicKeys all that were ever used: which one it was is named by the checkpoint
 */
export function checkCheckpoint(checkpoint: WrittenCheckpoint, publicKeys: readonly KeyObject[]): Problem | undefined {
  const { keyId, signature, seq, time } = checkpoint;
  if (keyId === undefined || signature === undefined) return problem("signature", "is not signed");
  const candidates = publicKeys.filter((key) => keyIdOf(key) === keyId);
  if (candidates.length === 0) return problem("key", `names the key ${keyId}, which was not given`);
  const isRight = candidates.some((key) => isSignedBy(checkpoint, key));
  return isRight ? undefined : problem("signature", `was not signed by the key ${keyId} that it names: it is forged`);

  function problem(kind: ProblemKind, what: string): Problem {
    return { kind, seq, detail: `the checkpoint ${String(seq)} of ${time} ${what}` };
  }
}

/** Whether the holder of this key (the private or the public half) has signed it. */
export function isSignedBy({ signed, signature = "" }: WrittenCheckpoint, key: KeyObject): boolean {
  return verify(null, Buffer.from(signed), key, Buffer.from(signature, "base64"));
}
