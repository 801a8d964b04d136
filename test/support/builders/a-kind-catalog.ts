import type { KindCatalog, ServedKind } from "../../../pkg/api/kinds.ts";

/** A kind as discovery gives it: the plural and the singular are made of the kind where they aren't given. */
export function aKind(kind: string, group = "", wishes: Partial<ServedKind> = {}): ServedKind {
  const singular = kind.toLowerCase();
  return { group, kind, plural: `${singular}s`, singular, shortNames: [], namespaced: true, ...wishes };
}

/** The kinds of a small cluster. */
export function aKindCatalog(more: readonly ServedKind[] = [], complete = true): KindCatalog {
  const kinds = [
    aKind("Pod", "", { shortNames: ["po"] }),
    aKind("Node", "", { namespaced: false, shortNames: ["no"] }),
    aKind("Deployment", "apps", { shortNames: ["deploy"] }),
    aKind("Event", "", { shortNames: ["ev"] }),
    aKind("Event", "events.k8s.io", { shortNames: ["ev"] }),
  ];
  return { kinds: [...kinds, ...more], complete };
}
