import { aKindCatalog } from "../support/builders/a-kind-catalog.ts";

/** What API discovery says: it doesn't change during a simulation. */
export const KNOWN_CATALOG = aKindCatalog();
