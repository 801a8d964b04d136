import { createHash } from "node:crypto";

/** SHA-256 of a UTF-8 text, 64 lower-case hex digits. The only use of node:crypto in the pure rooms. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
