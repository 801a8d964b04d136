const MIN_BYTES = 32;
const MAX_BYTES = 64;

/** What may stand in AUDIT_HMAC_KEY, for error messages. */
export const HMAC_KEY_FORM = `base64 of ${String(MIN_BYTES)} to ${String(MAX_BYTES)} random bytes, as openssl rand -base64 48 prints them`;

/**
 * The key by which hidden parameters are hashed, as the environment has it: base64, in which line breaks and blanks count
 * for nothing. Undefined where it is anything else; then nothing of it may be printed either.
 */
export function parseHmacKey(text: string): string | undefined {
  const base64 = text.replace(/\s/g, "");
  const bytes = Buffer.from(base64, "base64");
  // Buffer skips what isn't base64: half of a mistyped key would be a key.
  const isExact = bytes.toString("base64") === base64;
  return isExact && bytes.length >= MIN_BYTES && bytes.length <= MAX_BYTES ? base64 : undefined;
}
