import type { CoreEvent } from "../api/core.ts";
import type { ListWatch } from "../runtime/list-watch.ts";
import type { Connection } from "./connection.ts";
import { createListWatch } from "./list-watch.ts";
import type { ResourceType } from "./resource-path.ts";

/** Of the core group; those of events.k8s.io are the same objects. */
const EVENTS: ResourceType = { group: "", version: "v1", plural: "events", kind: "Event", namespaced: true };

const WARNINGS_ABOUT_PODS = "involvedObject.kind=Pod,type=Warning";

/** Warnings about pods of one namespace, as a reflector reads them: the API server leaves out all other events. */
export function podWarnings(connection: Connection, namespace: string): ListWatch<CoreEvent> {
  return createListWatch<CoreEvent>(connection, EVENTS, { namespace, fieldSelector: WARNINGS_ABOUT_PODS });
}
