import type { KubernetesObject } from "../../../pkg/api/meta.ts";
import type { Connection } from "../../../pkg/kube/connection.ts";
import { listPage, type Selection } from "../../../pkg/kube/list-watch.ts";
import type { ResourceType } from "../../../pkg/kube/resource-path.ts";
import { ApiError } from "../../../pkg/runtime/api-error.ts";

const PAGE_SIZE = 500;
/** How often a list whose continue token has expired begins anew. */
const LIST_TRIES = 3;

interface Listing<T, P> {
  readonly type: ResourceType;
  readonly selection: Selection;
  /** What is kept of an object: the object itself is let go with its page. */
  readonly keep: (object: T) => P;
}

/** All objects of a kind, page by page, reduced to what is kept of each. Throws ApiError. */
export async function listAll<T extends KubernetesObject, P>(
  connection: Connection,
  listing: Listing<T, P>,
): Promise<readonly P[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await listOnce(connection, listing);
    } catch (error) {
      const isExpired = error instanceof ApiError && error.facts.kind === "expired";
      if (!isExpired || tries >= LIST_TRIES) throw error;
    }
  }
}

async function listOnce<T extends KubernetesObject, P>(
  connection: Connection,
  { type, selection, keep }: Listing<T, P>,
): Promise<readonly P[]> {
  const kept: P[] = [];
  let token = "";
  do {
    const page = await listPage<T>(connection, type, selection, {
      limit: PAGE_SIZE,
      ...(token === "" ? {} : { continue: token }),
    });
    kept.push(...page.items.map(keep));
    token = page.continue ?? "";
  } while (token !== "");
  return kept;
}
