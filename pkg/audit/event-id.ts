import { createHash } from "node:crypto";

/** Fixed for all time: with another one, events that are sent again would be recorded twice. */
const namespace = "0b6f1c52-8d0e-4c6b-9a53-5e7c2f1a9d34";

/**
 * The id of an event, always the same for the same event: UUIDv5 of `<uid>:<ordinal>:<type>`, with the uid of the execution
 * or target lock in whose outbox it is (audit.md section 1).
 */
export function eventId(uid: string, ordinal: number, type: string): string {
  return uuidV5(namespace, `${uid}:${String(ordinal)}:${type}`);
}

/** A name-based UUID of version 5 (RFC 9562 section 5.5). */
export function uuidV5(space: string, name: string): string {
  const hash = createHash("sha1")
    .update(Buffer.from(space.replaceAll("-", ""), "hex"))
    .update(name, "utf8")
    .digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString("hex", 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
