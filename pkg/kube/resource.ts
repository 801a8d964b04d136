import type { KubernetesObject, ObjectRef } from "../api/meta.ts";
import type { DeleteOptions, PatchOperation, ResourceApi } from "../controller/ports.ts";
import { ApiError } from "../runtime/api-error.ts";
import type { ApiRequest } from "./api-request.ts";
import type { Connection } from "./connection.ts";
import { listAll } from "./list-all.ts";
import { apiVersionOf, collectionPath, namespaceOf, objectPath, type ResourceType } from "./resource-path.ts";
import type { Subresource } from "./resource-path.ts";

/** A field that the server doesn't know is refused, not dropped in silence. */
const STRICT = { fieldValidation: "Strict" } as const;

/** Typed requests for one kind of object. Each is one request (a list: one a page). Throws ApiError. */
export function createResource<T extends KubernetesObject>(connection: Connection, type: ResourceType): ResourceApi<T> {
  return {
    get: (ref) => getObject<T>(connection, type, ref),
    list: (selection) => listAll(connection, { type, selection, keep: (object: T) => object }),
    create: (object) => createObject(connection, type, object),
    replace: (object) => replaceObject(connection, type, object),
    replaceStatus: (object) => replaceObject(connection, type, object, "status"),
    jsonPatch: (ref, operations) => patchObject<T>(connection, type, ref, operations),
    delete: (ref, options) => deleteObject(connection, type, ref, options),
  };
}

async function getObject<T>(connection: Connection, type: ResourceType, ref: ObjectRef): Promise<T | undefined> {
  try {
    return await connection.request<T>({ ...objectRequest(type, ref), verb: "get" });
  } catch (error) {
    if (error instanceof ApiError && error.facts.kind === "notFound") return undefined;
    throw error;
  }
}

async function createObject<T extends KubernetesObject>(
  connection: Connection,
  type: ResourceType,
  object: T,
): Promise<T> {
  const path = collectionPath(type, namespaceOf(type, object.metadata));
  const request = { ...objectRequest(type, object.metadata), path };
  return await connection.request<T>({ ...request, verb: "create", query: STRICT, body: typed(type, object) });
}

async function replaceObject<T extends KubernetesObject>(
  connection: Connection,
  type: ResourceType,
  object: T,
  subresource?: Subresource,
): Promise<T> {
  // Without a version the server would write over whatever is there.
  if (object.metadata.resourceVersion === undefined) {
    throw new TypeError(`update ${type.plural} ${object.metadata.name}: it has no resourceVersion`);
  }
  const request = objectRequest(type, object.metadata, subresource);
  return await connection.request<T>({ ...request, verb: "update", query: STRICT, body: typed(type, object) });
}

async function patchObject<T>(
  connection: Connection,
  type: ResourceType,
  ref: ObjectRef,
  operations: readonly PatchOperation[],
): Promise<T> {
  return await connection.request<T>({
    ...objectRequest(type, ref),
    verb: "patch",
    contentType: "application/json-patch+json",
    body: operations,
  });
}

async function deleteObject(
  connection: Connection,
  type: ResourceType,
  ref: ObjectRef,
  { uid, resourceVersion, propagation, gracePeriodSeconds }: DeleteOptions,
): Promise<void> {
  const body = {
    apiVersion: "v1",
    kind: "DeleteOptions",
    preconditions: { uid, resourceVersion },
    propagationPolicy: propagation,
    gracePeriodSeconds,
  };
  await connection.request({ ...objectRequest(type, ref), verb: "delete", body });
}

function objectRequest(type: ResourceType, ref: ObjectRef, subresource?: Subresource): Omit<ApiRequest, "verb"> {
  const namespace = namespaceOf(type, ref);
  return {
    resource: subresource === undefined ? type.plural : `${type.plural}/${subresource}`,
    path: objectPath(type, ref, subresource),
    name: ref.name,
    ...(namespace === undefined ? {} : { namespace }),
  };
}

/** Items of a list come without apiVersion and kind; written objects need them. */
function typed<T extends KubernetesObject>(type: ResourceType, object: T): T {
  return { ...object, apiVersion: apiVersionOf(type), kind: type.kind };
}
