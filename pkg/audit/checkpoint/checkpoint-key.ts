import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";

/** A new private key for signing checkpoints: Ed25519, PKCS#8 in PEM. */
export function generateSigningKey(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  return privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}

/** Reads a private key (PEM). Throws Error where it is none of Ed25519; the message doesn't repeat it. */
export function parseSigningKey(pem: string): KeyObject {
  return ed25519("private", () => createPrivateKey(pem));
}

/** Reads a public key (PEM). Throws Error where it is none of Ed25519. */
export function parsePublicKey(pem: string): KeyObject {
  // createPublicKey takes a private key too: whoever verifies should never have one.
  return ed25519("public", () => (pem.includes("PRIVATE KEY") ? undefined : createPublicKey(pem)));
}

/** The public key that belongs to a private one, as PEM. */
export function publicKeyText(signingKey: KeyObject): string {
  return createPublicKey(signingKey).export({ format: "pem", type: "spki" }).toString();
}

/** The id by which checkpoints name their key: the first 8 hex digits of the SHA-256 of the raw public key. */
export function keyIdOf(key: KeyObject): string {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  // Behind a fixed prefix, the raw key is the rest of its 44 bytes (RFC 8410).
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  return createHash("sha256").update(raw).digest("hex").slice(0, 8);
}

function ed25519(kind: "private" | "public", read: () => KeyObject | undefined): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = read();
  } catch {
    // Never its message: that could repeat a part of the key.
  }
  if (key?.asymmetricKeyType === "ed25519") return key;
  throw new Error(`this is no ${kind} key of Ed25519 in PEM, as \`wfe audit keygen\` makes it`);
}
