import type { KubernetesObject } from "../api/meta.ts";
import { ApiError } from "../runtime/api-error.ts";
import { listAll as listPages } from "../runtime/list-all.ts";
import type { Connection } from "./connection.ts";
import { createListWatch, type Selection } from "./list-watch.ts";
import type { ResourceType } from "./resource-path.ts";

const PAGE_SIZE = 500;
/** How often a list whose continue token has expired begins anew before the caller is told. */
const LIST_TRIES = 3;
/** Each page has the time limit of its request. */
const NEVER = new AbortController().signal;

export interface WantedList<T, P> {
  readonly type: ResourceType;
  /** All objects of the kind where nothing is said. */
  readonly selection?: Selection;
  /** What is kept of an object: the object itself is let go with its page. */
  readonly keep: (object: T) => P;
}

/** All objects of a kind, read at quorum page by page, reduced to what is kept of each. Throws ApiError. */
export async function listAll<T extends KubernetesObject, P>(
  connection: Connection,
  { type, selection = {}, keep }: WantedList<T, P>,
): Promise<readonly P[]> {
  const source = createListWatch<T>(connection, type, selection);
  for (let tries = 1; ; tries += 1) {
    try {
      const { objects } = await listPages(source, { keep, pageSize: PAGE_SIZE, signal: NEVER });
      return objects;
    } catch (error) {
      const isExpired = error instanceof ApiError && error.facts.kind === "expired";
      if (!isExpired || tries >= LIST_TRIES) throw error;
    }
  }
}
