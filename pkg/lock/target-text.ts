/** A target as people and orchestrators write it: `namespace/kind/name`, or `kind/name` for a cluster-scoped object. */
export interface TargetText {
  readonly namespace?: string;
  /** As written: kind, singular, plural or short name in any case, perhaps with its group (`deployments.apps`). */
  readonly kind: string;
  readonly name: string;
}

/** Where a target is, `namespace/name`: the same however its kind is written. */
export function targetPlace(text: string): string {
  const { namespace = "", name } = parseTargetText(text) ?? { name: text };
  return `${namespace}/${name}`;
}

/** Splits a target. Admission has checked the grammar already; undefined where an old object escaped it. BR-WE-011. */
export function parseTargetText(text: string): TargetText | undefined {
  const parts = text.split("/");
  const [first, second, third] = parts;
  if (first === undefined || second === undefined || parts.some((part) => part === "")) return undefined;
  if (parts.length === 2) return { kind: first, name: second };
  if (parts.length === 3 && third !== undefined) return { namespace: first, kind: second, name: third };
  return undefined;
}
