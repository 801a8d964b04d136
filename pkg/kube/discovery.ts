import type { KindCatalog, ServedKind } from "../api/kinds.ts";
import type { Connection } from "./connection.ts";

/** Aggregated discovery: all groups of /apis in one answer (stable since Kubernetes 1.30). */
const ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

interface GroupDiscoveryList {
  readonly kind: string;
  readonly items?: readonly GroupDiscovery[] | null;
}

interface GroupDiscovery {
  readonly metadata?: { readonly name?: string };
  readonly versions?: readonly VersionDiscovery[] | null;
}

interface VersionDiscovery {
  readonly freshness?: string;
  readonly resources?: readonly ResourceDiscovery[] | null;
}

interface ResourceDiscovery {
  readonly resource: string;
  /** Absent where only subresources are served. */
  readonly responseKind?: { readonly kind?: string } | null;
  readonly scope: "Namespaced" | "Cluster";
  readonly singularResource?: string;
  readonly shortNames?: readonly string[] | null;
}

/**
 * The kinds that the API server serves, without subresources, in its own order (two requests). `complete` is false where
 * it answers for a group from memory because that group's server is away, or could not ask it at all. Throws ApiError, and
 * Error for a server without aggregated discovery.
 */
export async function discoverKinds(connection: Connection): Promise<KindCatalog> {
  const lists = await Promise.all([discover(connection, "/api"), discover(connection, "/apis")]);
  const groups = lists.flatMap((list) => list.items ?? []);
  return { kinds: distinct(groups.flatMap(kindsOf)), complete: groups.every(isComplete) };
}

async function discover(connection: Connection, path: string): Promise<GroupDiscoveryList> {
  const list = await connection.request<GroupDiscoveryList>({
    verb: "get",
    resource: "discovery",
    path,
    accept: ACCEPT,
  });
  if (list.kind === "APIGroupDiscoveryList") return list;
  throw new Error(
    `discovery of ${path}: the API server answered with ${list.kind}; Kubernetes 1.30 or later is needed`,
  );
}

/** A group whose server has never been reached is listed without versions, or with a stale one without resources. */
function isComplete(group: GroupDiscovery): boolean {
  const versions = group.versions ?? [];
  return versions.length > 0 && versions.every((version) => version.freshness !== "Stale");
}

function kindsOf(group: GroupDiscovery): readonly ServedKind[] {
  const resources = (group.versions ?? []).flatMap((version) => version.resources ?? []);
  return resources.flatMap((resource) => kindOf(group.metadata?.name ?? "", resource));
}

function kindOf(group: string, resource: ResourceDiscovery): readonly ServedKind[] {
  const kind = resource.responseKind?.kind ?? "";
  if (kind === "") return [];
  return [
    {
      group,
      kind,
      plural: resource.resource,
      singular: resource.singularResource ?? "",
      shortNames: resource.shortNames ?? [],
      namespaced: resource.scope === "Namespaced",
    },
  ];
}

/** A kind served in several versions is one kind; the preferred version comes first. */
function distinct(kinds: readonly ServedKind[]): readonly ServedKind[] {
  const byName = new Map<string, ServedKind>();
  for (const kind of kinds) {
    const name = `${kind.plural}.${kind.group}`;
    if (!byName.has(name)) byName.set(name, kind);
  }
  return [...byName.values()];
}
