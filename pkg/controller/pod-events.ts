import type { CoreEvent } from "../api/core.ts";
import type { StoreFeed } from "../runtime/store.ts";
import { isNewer, versionOf } from "../runtime/resource-version.ts";
import type { WatchEvent } from "../runtime/list-watch.ts";
import { keepPodEvent, type NamedPodEvent } from "./named-pod-event.ts";

/**
 * Passes on what lists and watches tell of warnings about pods, and keeps nothing but how far they have come. Whoever
 * listens keeps what it needs (live-evidence.ts): the API server forgets an Event after an hour, a run may need it for
 * longer, and most are about nothing of ours. So a deletion is no news, and a new list takes nothing back.
 */
export interface PodEvents extends StoreFeed<CoreEvent, NamedPodEvent> {
  /** Calls the listener with every warning; it must not throw. Returns what ends the subscription. */
  subscribe(listener: (event: NamedPodEvent) => void): () => void;
}

/** A feed that nobody has told anything yet. */
export function createPodEvents(): PodEvents {
  const listeners = new Set<(event: NamedPodEvent) => void>();
  let lastSeen: string | undefined;
  return {
    project: keepPodEvent,
    lastSeen: () => lastSeen,
    replaceAll(events, resourceVersion) {
      lastSeen = resourceVersion;
      // A list is in the order of names. What is kept in the end is what is told last.
      for (const event of events.toSorted((a, b) => compare(a.at, b.at))) tell(event);
    },
    apply(change: Exclude<WatchEvent<CoreEvent>, { type: "ERROR" }>) {
      const version = versionOf(change.object);
      if (change.type === "ADDED" || change.type === "MODIFIED") tell(keepPodEvent(change.object));
      if (lastSeen === undefined || isNewer(version, lastSeen)) lastSeen = version;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };

  function tell(event: NamedPodEvent): void {
    for (const listener of listeners) listener(event);
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
