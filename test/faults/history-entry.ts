import type { KubernetesObject } from "../../pkg/api/meta.ts";

/** One state that one object had, as etcd keeps it. The revisions of one etcd are one order over all objects. */
export interface HistoryEntry {
  readonly revision: number;
  /** etcd's key: /registry/KIND/NAMESPACE/NAME. */
  readonly key: string;
  /** The object was removed; then there is no state. */
  readonly deleted: boolean;
  readonly object?: KubernetesObject;
}

/** A history that can't be judged: something of it is missing or out of order. */
export class HistoryError extends Error {}

const PREFIXES = {
  execution: "/registry/kubernaut.ai/workflowexecutions/",
  lock: "/registry/kubernaut.ai/targetlocks/",
  run: "/registry/tekton.dev/pipelineruns/",
  taskRun: "/registry/tekton.dev/taskruns/",
  customRun: "/registry/tekton.dev/customruns/",
  pod: "/registry/pods/",
} as const;

/** The kinds of which a history is judged. */
export type JudgedKind = keyof typeof PREFIXES;

export const JUDGED_KINDS = Object.keys(PREFIXES) as readonly JudgedKind[];

/** The kind of the object under a key; undefined where it doesn't matter here. */
export function kindOfKey(key: string): JudgedKind | undefined {
  return JUDGED_KINDS.find((kind) => key.startsWith(PREFIXES[kind]));
}

/** The key of an object of that kind. */
export function keyOf(kind: JudgedKind, { metadata }: KubernetesObject): string {
  const namespace = metadata.namespace === undefined ? "" : `${metadata.namespace}/`;
  return `${PREFIXES[kind]}${namespace}${metadata.name}`;
}
