import type { KubernetesObject } from "../../api/meta.ts";
import { createStores, type Stores } from "../stores.ts";
import { watchStores } from "../triggers.ts";

/** The keys that a change adds, sorted, in stores that know what `known` put there. */
export function keysOf(known: (stores: Stores) => void, change: (stores: Stores) => void): readonly string[] {
  const stores = createStores();
  known(stores);
  const keys = new Set<string>();
  const end = watchStores(stores, (key) => keys.add(key));
  change(stores);
  end();
  return [...keys].toSorted();
}

export function nothing(): void {
  // An empty cache.
}

export function withVersion<T extends KubernetesObject>(object: T, resourceVersion: string): T {
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}
