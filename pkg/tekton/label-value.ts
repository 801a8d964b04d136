import { sha256Hex } from "../api/sha256.ts";

const MAX_LABEL = 63;
const HASH = 8;

/** Makes any text a valid label value; a text that had to be changed gets a hash, so that two never look the same. */
export function labelValue(text: string): string {
  const safe = text.replace(/[^A-Za-z0-9._-]/g, "_").replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  if (safe === text && text.length <= MAX_LABEL) return text;
  const suffix = sha256Hex(text).slice(0, HASH);
  const head = safe.slice(0, MAX_LABEL - HASH - 1);
  return head === "" ? suffix : `${head}-${suffix}`;
}
