/** What the product asks of the API server: recorded from its own `perform`, answered by the simulated server. */
import type { KubernetesObject, ObjectRef } from "../../pkg/api/meta.ts";
import { perform, type Request } from "../../pkg/controller/perform.ts";
import type { ClusterApi, DeleteOptions, PatchOperation, ResourceApi } from "../../pkg/controller/ports.ts";
import type { RefusalKind } from "../../pkg/execution/result.ts";
import { ApiError } from "../../pkg/runtime/api-error.ts";
import { FOREGROUND } from "../support/fake-api/fake-resource.ts";
import { applyJsonPatch } from "../support/fake-api/json-patch.ts";

export type Resource = "executions" | "locks" | "runs" | "taskRuns" | "pods";

export type ApiRequest = { readonly resource: Resource; readonly ref: ObjectRef } & (
  | { readonly verb: "create" | "replace" | "replaceStatus"; readonly object: KubernetesObject }
  | { readonly verb: "patch"; readonly operations: readonly PatchOperation[] }
  | { readonly verb: "delete"; readonly options: DeleteOptions }
);

/** What became of the object, or why the request was refused. */
export type Answer =
  | { readonly type: "refused"; readonly kind: RefusalKind }
  | { readonly type: "done"; readonly object: KubernetesObject | undefined; readonly answer: KubernetesObject };

export interface ServerContext {
  /** Server time as a timestamp. */
  readonly now: string;
  /** Uid of an object that is created now. */
  readonly uid: string;
}

/** The write that this step makes; undefined where it only reads. */
export function requestOf(step: Request): ApiRequest | undefined {
  const recorded: ApiRequest[] = [];
  const api: ClusterApi = {
    executions: recorder("executions", recorded),
    locks: recorder("locks", recorded),
    runs: recorder("runs", recorded),
    pods: recorder("pods", recorded),
    taskRuns: recorder("taskRuns", recorded),
    customRuns: recorder("pods", recorded),
    discoverKinds: never,
    mayCreateRuns: never,
    readLog: never,
  };
  // Up to its first await, which never ends here, `perform` has made exactly one request.
  void perform(step, api);
  return recorded[0];
}

/** What the API server makes of a request to an object as it is now. */
export function answerTo(request: ApiRequest, current: KubernetesObject | undefined, context: ServerContext): Answer {
  if (request.verb === "create") return current === undefined ? created(request.object, context) : refused("exists");
  if (current === undefined) return refused("notFound");
  switch (request.verb) {
    case "replace":
      return isSame(request.object, current) ? stored({ ...request.object }) : refused("conflict");
    case "replaceStatus": {
      const { status } = request.object as { readonly status?: unknown };
      return isSame(request.object, current) ? stored({ ...current, ...{ status } }) : refused("conflict");
    }
    case "patch":
      return patched(current, request.operations);
    case "delete":
      return deleted(current, request.options, context);
  }
}

/** The object once somebody has asked for its deletion; undefined where nothing holds it back. */
export function deletedObject(
  object: KubernetesObject,
  { now, finalizer }: { readonly now: string; readonly finalizer?: string },
): KubernetesObject | undefined {
  const { deletionTimestamp = now, finalizers = [] } = object.metadata;
  const all = finalizer === undefined || finalizers.includes(finalizer) ? finalizers : [...finalizers, finalizer];
  if (all.length === 0) return undefined;
  return { ...object, metadata: { ...object.metadata, deletionTimestamp, finalizers: all } };
}

function recorder<T extends KubernetesObject>(resource: Resource, recorded: ApiRequest[]): ResourceApi<T> {
  function note(request: ApiRequest): Promise<never> {
    recorded.push(request);
    return never();
  }
  return {
    get: never,
    list: never,
    create: (object) => note({ verb: "create", resource, ref: object.metadata, object }),
    replace: (object) => note({ verb: "replace", resource, ref: object.metadata, object }),
    replaceStatus: (object) => note({ verb: "replaceStatus", resource, ref: object.metadata, object }),
    jsonPatch: (ref, operations) => note({ verb: "patch", resource, ref, operations }),
    delete: (ref, options) => note({ verb: "delete", resource, ref, options }),
  };
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function refused(kind: RefusalKind): Answer {
  return { type: "refused", kind };
}

function stored(object: KubernetesObject): Answer {
  return { type: "done", object, answer: object };
}

function created(object: KubernetesObject, { now, uid }: ServerContext): Answer {
  const status = object.kind === "WorkflowExecution" ? { status: { phase: "Pending" } } : {};
  return stored({ ...object, ...status, metadata: { ...object.metadata, uid, creationTimestamp: now } });
}

function isSame({ metadata }: KubernetesObject, current: KubernetesObject): boolean {
  return metadata.resourceVersion === current.metadata.resourceVersion && metadata.uid === current.metadata.uid;
}

function patched(current: KubernetesObject, operations: readonly PatchOperation[]): Answer {
  try {
    const object = applyJsonPatch(current, operations);
    const { deletionTimestamp, finalizers = [] } = object.metadata;
    const isGone = deletionTimestamp !== undefined && finalizers.length === 0;
    return { type: "done", object: isGone ? undefined : object, answer: object };
  } catch (error) {
    if (error instanceof ApiError) return refused("conflict");
    throw error;
  }
}

/** A pod is only asked to stop; of all else a Foreground deletion waits for the dependents. */
function deleted(current: KubernetesObject, options: DeleteOptions, { now }: ServerContext): Answer {
  const { uid, resourceVersion = "" } = current.metadata;
  if (options.uid !== uid || (options.resourceVersion ?? resourceVersion) !== resourceVersion)
    return refused("conflict");
  const { metadata } = current;
  if (current.kind === "Pod") {
    return stored({ ...current, metadata: { ...metadata, deletionTimestamp: metadata.deletionTimestamp ?? now } });
  }
  const finalizer = options.propagation === "Foreground" ? { finalizer: FOREGROUND } : {};
  return { type: "done", object: deletedObject(current, { now, ...finalizer }), answer: current };
}
