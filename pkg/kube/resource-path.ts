import type { ObjectRef } from "../api/meta.ts";

/** A kind of object, as its path in the API and its objects name it. */
export interface ResourceType {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export type Subresource = "status" | "log";

/** `v1`, `tekton.dev/v1`: what an object's apiVersion says. */
export function apiVersionOf(type: ResourceType): string {
  return type.group === "" ? type.version : `${type.group}/${type.version}`;
}

/** The path of all objects of a kind, in one namespace or in all. Throws TypeError for a name that can't be one. */
export function collectionPath(type: ResourceType, namespace?: string): string {
  const root = type.group === "" ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  return namespace === undefined ? `${root}/${type.plural}` : `${root}/namespaces/${segment(namespace)}/${type.plural}`;
}

/**
 * The path of one object. Throws TypeError where namespace or name is missing or can't be one: a DELETE with an empty
 * name would be a DELETE of the whole collection.
 */
export function objectPath(type: ResourceType, ref: ObjectRef, subresource?: Subresource): string {
  const path = `${collectionPath(type, namespaceOf(type, ref))}/${segment(ref.name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** The namespace in which an object of that kind lives; undefined for a cluster-scoped kind. */
export function namespaceOf(type: ResourceType, ref: ObjectRef): string | undefined {
  if (!type.namespaced) return undefined;
  if (ref.namespace === undefined) throw new TypeError(`${type.plural} ${ref.name}: it has no namespace`);
  return ref.namespace;
}

/** As strict as the API server (apimachinery, path.ValidatePathSegmentName). */
function segment(name: string): string {
  if (name === "" || name === "." || name === ".." || /[/%]/.test(name)) {
    throw new TypeError(`${JSON.stringify(name)} can't be the name of an object`);
  }
  return encodeURIComponent(name);
}
