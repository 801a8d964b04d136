import { ApiError } from "../runtime/api-error.ts";
import type { Connection } from "./connection.ts";
import { collectionPath, type ResourceType } from "./resource-path.ts";

/** What an event is about. Without the uid `kubectl describe` doesn't show it. */
export interface Regarding {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for cluster-scoped objects: their events are in namespace `default`. */
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
}

export interface EventRecord {
  readonly regarding: Regarding;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  /** One sentence; cut to 1 024 bytes. */
  readonly note: string;
  /** Becomes the event's name, so that it is created only once, however often it is tried. A UUID. */
  readonly eventId: string;
  /** Milliseconds since the epoch, on the API server's clock. */
  readonly at: number;
  /** What was done (UpperCamelCase). */
  readonly action: string;
  /** Which replica says it: the pod's name. */
  readonly reportingInstance: string;
}

const EVENTS: ResourceType = {
  group: "events.k8s.io",
  version: "v1",
  plural: "events",
  kind: "Event",
  namespaced: true,
};
const REPORTING_CONTROLLER = "kubernaut.ai/workflow-execution-controller";
const NOTE_BYTES = 1024;
const INSTANCE_BYTES = 128;

/** Creates a Kubernetes Event (api.md section 5). One that is there already is fine. Throws ApiError. */
export async function recordEvent(connection: Connection, event: EventRecord): Promise<void> {
  const namespace = event.regarding.namespace ?? "default";
  try {
    await connection.request({
      verb: "create",
      resource: EVENTS.plural,
      path: collectionPath(EVENTS, namespace),
      namespace,
      name: event.eventId,
      body: buildEvent(event, namespace),
    });
  } catch (error) {
    if (!(error instanceof ApiError && error.facts.kind === "exists")) throw error;
  }
}

function buildEvent(event: EventRecord, namespace: string): Record<string, unknown> {
  return {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { namespace, name: event.eventId },
    eventTime: new Date(event.at).toISOString().replace("Z", "000Z"),
    type: event.type,
    reason: event.reason,
    action: event.action,
    note: cutToBytes(event.note, NOTE_BYTES),
    regarding: event.regarding,
    reportingController: REPORTING_CONTROLLER,
    reportingInstance: cutToBytes(event.reportingInstance, INSTANCE_BYTES),
  };
}

/** The longest beginning that fits; the server counts bytes, and half a character would be none. */
function cutToBytes(text: string, bytes: number): string {
  const { written } = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
  return Buffer.from(text).subarray(0, written).toString("utf8");
}
