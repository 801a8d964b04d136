import type { ObjectRef } from "../api/meta.ts";

/** What a worker is given: one execution, or one target lock. */
export type Key =
  | { readonly kind: "execution"; readonly namespace: string; readonly name: string }
  | { readonly kind: "lock"; readonly name: string };

/** Key of an execution in the work queue. */
export function executionKey(ref: ObjectRef): string {
  return `execution/${ref.namespace ?? ""}/${ref.name}`;
}

/** Key of a target lock in the work queue. */
export function lockKey(name: string): string {
  return `lock/${name}`;
}

/** The object that a key of the work queue means. */
export function parseKey(key: string): Key {
  const [kind, first = "", second = ""] = key.split("/");
  return kind === "lock" ? { kind, name: first } : { kind: "execution", namespace: first, name: second };
}
