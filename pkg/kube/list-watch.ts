import type { KubernetesObject } from "../api/meta.ts";
import type { ListPage, ListPageQuery, ListWatch, WatchEvent, WatchQuery } from "../runtime/list-watch.ts";
import type { ApiRequest } from "./api-request.ts";
import type { Connection } from "./connection.ts";
import { noAnswerError } from "./request-error.ts";
import { collectionPath, type ResourceType } from "./resource-path.ts";
import { splitLines } from "./split-lines.ts";

/** Which objects of a kind; all of them where nothing is said. */
export interface Selection {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** The server closes a watch in time; after this longer we do. */
const WATCH_GRACE_MS = 30_000;
/** An object is at most some 3 MiB (the API server's limit of a request); more is no event of ours. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/** The objects of a kind as a reflector reads them. `watchSeconds` is how long each watch may last. */
export function createListWatch<T extends KubernetesObject>(
  connection: Connection,
  type: ResourceType,
  selection: Selection,
  watchSeconds: () => number = fiveToTenMinutes,
): ListWatch<T> {
  return {
    listPage: (query) => listPage<T>(connection, type, selection, query),
    watch: (query) => watch<T>(connection, watchRequest(type, selection, query, watchSeconds())),
  };
}

/** By chance, so that watches that began together don't all end together. */
function fiveToTenMinutes(): number {
  return 300 + Math.round(Math.random() * 300);
}

interface ObjectList<T> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly T[] | null;
}

/** One page of a list, read at quorum: no resourceVersion is given. Throws ApiError. */
async function listPage<T extends KubernetesObject>(
  connection: Connection,
  type: ResourceType,
  selection: Selection,
  page: ListPageQuery,
): Promise<ListPage<T>> {
  const query = {
    ...selectorsOf(selection),
    limit: String(page.limit),
    ...(page.continue === undefined ? {} : { continue: page.continue }),
  };
  const list = await connection.request<ObjectList<T>>({
    ...collectionRequest(type, selection),
    verb: "list",
    query,
    signal: page.signal,
  });
  const { resourceVersion, continue: token = "" } = list.metadata;
  return { items: list.items ?? [], resourceVersion, ...(token === "" ? {} : { continue: token }) };
}

interface WatchRequest extends ApiRequest {
  readonly lifetimeMs: number;
}

function watchRequest(type: ResourceType, selection: Selection, query: WatchQuery, seconds: number): WatchRequest {
  return {
    ...collectionRequest(type, selection),
    verb: "watch",
    query: {
      ...selectorsOf(selection),
      watch: "1",
      allowWatchBookmarks: "true",
      resourceVersion: query.resourceVersion,
      timeoutSeconds: String(seconds),
    },
    signal: query.signal,
    lifetimeMs: seconds * 1000 + WATCH_GRACE_MS,
  };
}

/** Asks nothing before the first event is wanted, and reads on only as events are taken. */
async function* watch<T>(connection: Connection, request: WatchRequest): AsyncGenerator<WatchEvent<T>> {
  const chunks = await connection.stream(request, request.lifetimeMs);
  try {
    for await (const line of splitLines(chunks, MAX_EVENT_BYTES)) yield JSON.parse(line) as WatchEvent<T>;
  } catch (error) {
    throw noAnswerError(request, error);
  }
}

function collectionRequest(type: ResourceType, { namespace }: Selection): Pick<ApiRequest, "resource" | "path"> {
  const path = collectionPath(type, namespace);
  return { resource: type.plural, path, ...(namespace === undefined ? {} : { namespace }) };
}

function selectorsOf({ labelSelector, fieldSelector }: Selection): Record<string, string> {
  return {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}
