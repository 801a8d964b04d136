/** Where a reflector gets the objects of one kind from (one namespace or selector of it, or all). */
export interface ListWatch<T> {
  /**
   * One page, read at quorum (never from a cache, never resourceVersion=0). Throws ApiError; an ApiError of kind `expired`
   * means that the continue token is too old and the list must start again.
   */
  listPage(query: ListPageQuery): Promise<ListPage<T>>;
  /**
   * All changes after `resourceVersion`, in their order, bookmarks among them, until the server closes the stream (the
   * iteration ends) or it breaks (the iteration throws). Reads on only when the consumer asks for the next event.
   * Aborting the signal, or ending the iteration, closes the connection.
   */
  watch(query: WatchQuery): AsyncIterable<WatchEvent<T>>;
}

export interface ListPageQuery {
  /** At most so many objects a page. */
  readonly limit: number;
  /** Token of the page before; absent for the first page. */
  readonly continue?: string;
  readonly signal: AbortSignal;
}

export interface ListPage<T> {
  readonly items: readonly T[];
  /** Of the whole list: the same on each page. */
  readonly resourceVersion: string;
  /** Token for the next page; absent or empty on the last one. */
  readonly continue?: string;
}

export interface WatchQuery {
  readonly resourceVersion: string;
  readonly signal: AbortSignal;
}

export type WatchEvent<T> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  | { readonly type: "BOOKMARK"; readonly object: Bookmark }
  | { readonly type: "ERROR"; readonly object: WatchStatus };

/** Says that everything up to this version was sent. */
export interface Bookmark {
  readonly metadata: { readonly resourceVersion?: string };
}

/** The Kubernetes Status that an ERROR event carries. */
export interface WatchStatus {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly retryAfterSeconds?: number };
}
