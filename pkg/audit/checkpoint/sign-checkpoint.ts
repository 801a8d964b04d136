import { sign, type KeyObject } from "node:crypto";
import { keyIdOf } from "./checkpoint-key.ts";
import { checkpointText, signedPart, type Checkpoint } from "./checkpoint.ts";

/** The text of a checkpoint, signed where there is a key: then it names it. */
export function signCheckpoint(checkpoint: Omit<Checkpoint, "keyId">, signingKey: KeyObject | undefined): string {
  if (signingKey === undefined) return checkpointText(signedPart(checkpoint));
  const signed = signedPart({ ...checkpoint, keyId: keyIdOf(signingKey) });
  return checkpointText(signed, sign(null, Buffer.from(signed), signingKey).toString("base64"));
}
