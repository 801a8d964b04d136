import type { KubernetesObject } from "../../pkg/api/meta.ts";

/**
 * Every content that an object ever has gets a number, which is also its resourceVersion: equal contents are one version,
 * as with a write that changes nothing. The lives of our objects never return to an earlier content.
 */
export class ObjectTable {
  readonly #numbers = new Map<string, number>();
  readonly #objects: (KubernetesObject | undefined)[] = [undefined];

  /** The number of that content; 0 is nothing. */
  numberOf(object: KubernetesObject | undefined): number {
    if (object === undefined) return 0;
    const { resourceVersion: _version, ...metadata } = object.metadata;
    const text = canonicalText({ ...object, metadata });
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#objects.length;
    this.#numbers.set(text, number);
    this.#objects.push({ ...object, metadata: { ...metadata, resourceVersion: String(number) } });
    return number;
  }

  /** The object with that number. */
  get(number: number): KubernetesObject | undefined {
    return this.#objects[number];
  }

  /** How many contents there are. */
  get size(): number {
    return this.#objects.length;
  }
}

/** The number of an object that came from the table. */
export function versionNumber(object: KubernetesObject | undefined): number {
  return object === undefined ? 0 : Number(object.metadata.resourceVersion);
}

/** JSON with sorted keys: equal values have equal texts. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isPlain(inner) ? sorted(inner) : inner));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(value: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
