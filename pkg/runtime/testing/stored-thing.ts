import type { WatchEvent } from "../list-watch.ts";
import type { StoredObject } from "../store.ts";

/** The object of this room's tests. */
export interface Thing extends StoredObject {
  readonly color: string;
}

/** A Thing of namespace `ns`. */
export function aThing(name: string, resourceVersion: number, color = "red"): Thing {
  return { metadata: { namespace: "ns", name, resourceVersion: resourceVersion.toString() }, color };
}

/** A bookmark event. */
export function aBookmark(resourceVersion: number): WatchEvent<Thing> & { type: "BOOKMARK" } {
  return { type: "BOOKMARK", object: { metadata: { resourceVersion: resourceVersion.toString() } } };
}
