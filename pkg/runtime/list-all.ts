import { abortable } from "./abortable.ts";
import type { ListPage, ListWatch } from "./list-watch.ts";

export interface Listing<T, P> {
  /** What is kept of an object: the object itself is let go with its page. */
  readonly keep: (object: T) => P;
  /** Objects a page. */
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

/** What was kept of all objects, and the version of the list that they were in. */
export interface Listed<P> {
  readonly objects: readonly P[];
  readonly resourceVersion: string;
}

/**
 * A complete list, read page by page; each page is reduced to what is kept before the next one is read. Throws what a page
 * threw (also `expired`, where the list took longer than its continue token lives), or the signal's reason.
 */
export async function listAll<T, P>(
  source: Pick<ListWatch<T>, "listPage">,
  { keep, pageSize, signal }: Listing<T, P>,
): Promise<Listed<P>> {
  const objects: P[] = [];
  let page: ListPage<T> | undefined;
  do {
    const token = page?.continue;
    const request = source.listPage({ limit: pageSize, ...(token !== undefined && { continue: token }), signal });
    page = await abortable(request, signal);
    for (const item of page.items) objects.push(keep(item));
  } while (page.continue !== undefined && page.continue !== "");
  return { objects, resourceVersion: page.resourceVersion };
}
