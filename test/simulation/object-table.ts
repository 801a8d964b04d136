import type { KubernetesObject } from "../../pkg/api/meta.ts";
import { TextTable } from "./text-table.ts";

/**
 * Every content that an object ever has gets a number, which is also its resourceVersion: equal contents are one version,
 * as with a write that changes nothing. The lives of our objects never return to an earlier content.
 */
export class ObjectTable {
  readonly #contents = new TextTable();
  readonly #objects: (KubernetesObject | undefined)[] = [undefined];

  /** The number of that content; 0 is nothing. */
  numberOf(object: KubernetesObject | undefined): number {
    if (object === undefined) return 0;
    const { resourceVersion: _version, ...metadata } = object.metadata;
    const content = { ...object, metadata };
    const number = this.#contents.numberOf(content);
    this.#objects[number] ??= { ...content, metadata: { ...metadata, resourceVersion: String(number) } };
    return number;
  }

  /** The object with that number. */
  get(number: number): KubernetesObject | undefined {
    return this.#objects[number];
  }

  /** How many contents there are. */
  get size(): number {
    return this.#contents.size;
  }
}

/** The number of an object that came from the table. */
export function versionNumber(object: KubernetesObject | undefined): number {
  return object === undefined ? 0 : Number(object.metadata.resourceVersion);
}
