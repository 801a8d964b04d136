import { createHash, createHmac, createSecretKey, type KeyObject } from "node:crypto";

/** The key by which hidden values are hashed. */
export interface HmacKey {
  /** The first 8 hex digits of the key's SHA-256: which key it was, once there have been several. */
  readonly id: string;
  /** An object that prints nothing of the key. */
  readonly secret: KeyObject;
}

const ID_DIGITS = 8;

/** The key from its bytes in base64 (AUDIT_HMAC_KEY), which the configuration has checked. */
export function hmacKey(base64: string): HmacKey {
  const bytes = Buffer.from(base64, "base64");
  const id = createHash("sha256").update(bytes).digest("hex").slice(0, ID_DIGITS);
  return { id, secret: createSecretKey(bytes) };
}

/**
 * What is written down of a value that must not be seen: `hmac:<key id>:<HMAC-SHA256 in hex>`, over the parameter's name,
 * a zero byte and the value. Who has the key and the value can prove that it was this one; the same value under another
 * name looks different, so that nobody without the key learns which parameters are alike. Without a key: `redacted`. Not
 * even a plain digest then: a short secret can be guessed from it (audit.md section 5).
 */
export function hiddenValue(name: string, value: string, key: HmacKey | undefined): string {
  if (key === undefined) return "redacted";
  const mac = createHmac("sha256", key.secret).update(`${name}\0${value}`, "utf8").digest("hex");
  return `hmac:${key.id}:${mac}`;
}
