import type { KindCatalog, ServedKind } from "../api/kinds.ts";
import { parseTargetText, type TargetText } from "./target-text.ts";

/**
 * The one spelling of a target: kind resolved through API discovery to `plural.group` (core: plural), lower case.
 * Property: two targets have the same canonical text if and only if they name the same object. BR-WE-011, lock.md
 * section 1.
 */
export type CanonicalTarget =
  | { readonly type: "canonical"; readonly text: string; readonly kind: ServedKind; readonly parts: TargetText }
  /** Discovery was partial: the absence of a kind proves nothing yet. */
  | { readonly type: "undecided"; readonly message: string }
  /** No such kind, more than one, or the wrong scope: this execution can't be run. */
  | { readonly type: "invalid"; readonly message: string };

/** The API groups that Kubernetes itself serves. An unqualified kind means these first. */
const BUILT_IN_GROUPS: ReadonlySet<string> = new Set([
  "",
  "apps",
  "batch",
  "autoscaling",
  "policy",
  "extensions",
  "networking.k8s.io",
  "rbac.authorization.k8s.io",
  "storage.k8s.io",
  "scheduling.k8s.io",
  "coordination.k8s.io",
  "node.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "certificates.k8s.io",
  "flowcontrol.apiserver.k8s.io",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "resource.k8s.io",
]);

/** Kinds that Kubernetes serves under two groups: one object, so one canonical name. */
const SAME_OBJECTS: ReadonlyMap<string, string> = new Map([["events.events.k8s.io", "events"]]);

/** Resolves a target's text with what API discovery said. Pure: the same catalog gives the same answer. */
export function canonicalTarget(text: string, catalog: KindCatalog): CanonicalTarget {
  const parts = parseTargetText(text);
  if (parts === undefined) return invalid(`target "${text}" is neither namespace/kind/name nor kind/name`);
  const found = servedKinds(parts.kind, catalog.kinds);
  const [kind] = found;
  if (kind === undefined) return unknownKind(parts.kind, catalog);
  if (found.length > 1) return ambiguousKind(parts.kind, found);
  // A partial catalog may hide a second group with this kind; only a built-in kind is then certain.
  if (!catalog.complete && !BUILT_IN_GROUPS.has(kind.group) && !parts.kind.includes(".")) {
    return { type: "undecided", message: `kind "${parts.kind}": API discovery was partial` };
  }
  return inScope(parts, kind);
}

/** `plural.group` of a kind, lower case; the plural alone for the core group. */
export function qualifiedPlural(kind: ServedKind): string {
  const name = (kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`).toLowerCase();
  return SAME_OBJECTS.get(name) ?? name;
}

function inScope(parts: TargetText, kind: ServedKind): CanonicalTarget {
  const plural = qualifiedPlural(kind);
  if (kind.namespaced && parts.namespace === undefined) {
    return invalid(`kind "${plural}" is namespaced: write namespace/${parts.kind}/${parts.name}`);
  }
  if (!kind.namespaced && parts.namespace !== undefined) {
    return invalid(`kind "${plural}" is cluster-scoped: write ${parts.kind}/${parts.name}`);
  }
  const prefix = parts.namespace === undefined ? "" : `${parts.namespace}/`;
  return { type: "canonical", text: `${prefix}${plural}/${parts.name}`, kind, parts };
}

function servedKinds(text: string, kinds: readonly ServedKind[]): readonly ServedKind[] {
  const wanted = text.toLowerCase();
  const dot = wanted.indexOf(".");
  if (dot > 0) {
    const group = wanted.slice(dot + 1);
    return distinct(kinds.filter((kind) => kind.group.toLowerCase() === group && isCalled(kind, wanted.slice(0, dot))));
  }
  const all = kinds.filter((kind) => isCalled(kind, wanted));
  const builtIn = all.filter((kind) => BUILT_IN_GROUPS.has(kind.group));
  return distinct(builtIn.length > 0 ? builtIn : all);
}

/** True where a text names this kind, alone or with its group, in any case. */
export function namesKind(kind: ServedKind, text: string): boolean {
  const wanted = text.toLowerCase();
  return isCalled(kind, wanted) || wanted === qualifiedPlural(kind);
}

function isCalled(kind: ServedKind, name: string): boolean {
  return [kind.kind, kind.plural, kind.singular, ...kind.shortNames].some((known) => known.toLowerCase() === name);
}

/** One entry a canonical name: discovery lists a kind once for each version. */
function distinct(kinds: readonly ServedKind[]): readonly ServedKind[] {
  return [...new Map(kinds.map((kind) => [qualifiedPlural(kind), kind])).values()];
}

function unknownKind(kind: string, catalog: KindCatalog): CanonicalTarget {
  if (!catalog.complete) return { type: "undecided", message: `kind "${kind}" not found: API discovery was partial` };
  return invalid(`kind "${kind}" is not served by this cluster`);
}

function ambiguousKind(kind: string, found: readonly ServedKind[]): CanonicalTarget {
  return invalid(`kind "${kind}" is ambiguous: write one of ${found.map(qualifiedPlural).toSorted().join(", ")}`);
}

function invalid(message: string): CanonicalTarget {
  return { type: "invalid", message };
}
