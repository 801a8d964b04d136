/** A moment as Kubernetes writes it: RFC 3339, UTC, whole seconds (fractions are dropped, never rounded up). */
export function toTimestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** Like toTimestamp, but rounded up: for moments before which something must not happen. */
export function toTimestampCeil(ms: number): string {
  return toTimestamp(Math.ceil(ms / 1000) * 1000);
}

/** Milliseconds since the epoch of an RFC 3339 moment. */
export function fromTimestamp(text: string): number {
  return Date.parse(text);
}
