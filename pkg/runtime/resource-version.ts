/** Anything that came from the API server with a version: an object, a bookmark. */
export interface Versioned {
  readonly metadata: { readonly name?: string; readonly namespace?: string; readonly resourceVersion?: string };
}

/**
 * Whether resourceVersion `a` is newer than `b`. Those of one kind are decimal integers that only grow (promised by
 * Kubernetes >= 1.35), too big for a number: the longer is newer, equally long ones compare as text.
 */
export function isNewer(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}

/** The object's resourceVersion. Throws where it has none that can be compared: nothing sound could be done with it. */
export function versionOf(object: Versioned): string {
  const version = object.metadata.resourceVersion;
  if (version !== undefined && isComparable(version)) return version;
  const { namespace = "", name = "" } = object.metadata;
  throw new Error(`object ${namespace}/${name} has no comparable resourceVersion: ${String(version)}`);
}

function isComparable(version: string): boolean {
  return /^(0|[1-9]\d*)$/.test(version);
}
