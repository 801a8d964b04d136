/** When the executions of the tests are created. */
export const CREATED_AT = "2026-03-01T10:00:00Z";

/** Milliseconds of `seconds` after the creation. */
export function after(seconds: number): number {
  return Date.parse(CREATED_AT) + seconds * 1000;
}

/** The same as a timestamp of Kubernetes. */
export function timeAfter(seconds: number): string {
  return new Date(after(seconds)).toISOString().replace(".000Z", "Z");
}
