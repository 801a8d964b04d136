import { abortable } from "./abortable.ts";
import type { ListPage, ListWatch } from "./list-watch.ts";
import type { StoreFeed } from "./store.ts";

/**
 * Replaces the store's content by a complete list, read page by page; each page is reduced to its projection before the
 * next one is read. Throws what a page threw (also `expired`, where the list took longer than its continue token lives):
 * then the store is as it was.
 */
export async function listAll<T, P>(
  source: ListWatch<T>,
  store: StoreFeed<T, P>,
  pageSize: number,
  signal: AbortSignal,
): Promise<void> {
  const objects: P[] = [];
  let page: ListPage<T> | undefined;
  do {
    const token = page?.continue;
    const request = source.listPage({ limit: pageSize, ...(token !== undefined && { continue: token }), signal });
    page = await abortable(request, signal);
    for (const item of page.items) objects.push(store.project(item));
  } while (page.continue !== undefined && page.continue !== "");
  store.replaceAll(objects, page.resourceVersion);
}
