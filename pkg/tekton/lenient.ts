/**
 * Reading statuses that somebody else wrote: Tekton's CRDs keep unknown fields, empty times arrive as null, and a status
 * may hold anything. None of it must ever stop us, so whatever is read from a status goes through these.
 */

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const INT32 = 2 ** 31;

/** The objects of a list; whatever isn't a list is empty, whatever isn't an object is left out. */
export function items<T>(list: readonly T[] | null | undefined): readonly T[] {
  if (!Array.isArray(list)) return [];
  return list.filter((item: unknown): item is T => typeof item === "object" && item !== null);
}

/** A text; whatever isn't one is empty. */
export function text(value: string | null | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Milliseconds since the epoch of an RFC 3339 text; undefined for none, for null and for the zero times of Go and Unix. */
export function moment(value: string | null | undefined): number | undefined {
  const ms = RFC3339.test(text(value)) ? Date.parse(text(value)) : 0;
  return ms > 0 ? ms : undefined;
}

/** A 32-bit integer, as the CRD's int32 fields need it; undefined for anything else. */
export function int32(value: number | null | undefined): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) < INT32 ? value : undefined;
}
