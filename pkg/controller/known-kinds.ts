import type { KindCatalog } from "../api/kinds.ts";
import type { Seen } from "../execution/snapshot.ts";

/** After that long the catalog is read anew: a CRD may have come or gone. */
const GOOD_FOR_MS = 10 * 60_000;

/** The last answer of API discovery, shared by all workers. */
export interface KnownKinds {
  /** Doubtful where it was never read or is too old. */
  seen(now: number): Seen<KindCatalog>;
  learn(catalog: KindCatalog, now: number): void;
}

/** A memory of API discovery; times are the server's (ms). */
export function createKnownKinds(): KnownKinds {
  let known: { readonly catalog: KindCatalog; readonly at: number } | undefined;
  return {
    seen(now) {
      if (known === undefined) return { value: { kinds: [], complete: false }, freshness: "doubtful" };
      return { value: known.catalog, freshness: now < known.at + GOOD_FOR_MS ? "cached" : "doubtful" };
    },
    learn(catalog, now) {
      known = { catalog, at: now };
    },
  };
}
