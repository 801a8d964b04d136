import { isJsonList } from "./canonical-json.ts";
import type { JsonValue } from "./canonical-json.ts";

/**
 * The text as PostgreSQL can store it. Kubernetes accepts U+0000 and half surrogate pairs in a string, PostgreSQL
 * refuses both: without this, one such rationale would stop the record of everybody.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}

/** The value with every text in it, also the names, as PostgreSQL can store it. */
export function storable(value: JsonValue): JsonValue {
  if (typeof value === "string") return storableText(value);
  if (isJsonList(value)) return value.map(storable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [storableText(name), storable(member)]));
}
