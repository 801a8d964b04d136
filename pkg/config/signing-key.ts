import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";

/** What the file of AUDIT_SIGNING_KEY_FILE has to be, for error messages. */
export const SIGNING_KEY_FORM = "a file with an Ed25519 private key (PKCS#8 in PEM), as `wfe audit keygen` writes it";

/**
 * The text of the file with the key that signs audit checkpoints.
 *
 * @throws Error where it can't be used; its message repeats nothing of the file
 */
export function readSigningKey(file: string): string {
  const pem = readFileSync(file, "utf8");
  if (!isSigningKey(pem)) throw new Error("it has something else");
  return pem;
}

function isSigningKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "ed25519";
  } catch {
    return false;
  }
}
