import type { Pod } from "../../../pkg/api/core.ts";
import type { TargetLock } from "../../../pkg/api/target-lock.ts";
import type { PipelineRun, TaskRun } from "../../../pkg/api/tekton.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";

/** What a witness watches, by the short name of its kind. */
export interface Watched {
  readonly execution: WorkflowExecution;
  readonly lock: TargetLock;
  readonly run: PipelineRun;
  readonly taskRun: TaskRun;
  readonly pod: Pod;
}

export type WatchedKind = keyof Watched;

interface ChangeOf<K extends WatchedKind> {
  readonly kind: K;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** resourceVersion of the object in this state: one order over all kinds, as one etcd keeps them. */
  readonly version: bigint;
  /** The object in its new state; of a deleted one, the last. */
  readonly object: Watched[K];
}

/** One change of one object, as a watch told it. */
export type Change<K extends WatchedKind = WatchedKind> = { [Kind in K]: ChangeOf<Kind> }[K];

/** The changes in the order in which they happened, whichever watch told of them first. */
export function inOrder(changes: readonly Change[]): readonly Change[] {
  return changes.toSorted((a, b) => (a.version < b.version ? -1 : a.version > b.version ? 1 : 0));
}

/** The changes of one kind. */
export function changesOf<K extends WatchedKind>(kind: K, changes: readonly Change[]): readonly Change<K>[] {
  return changes.filter((change) => change.kind === kind) as unknown as readonly Change<K>[];
}
