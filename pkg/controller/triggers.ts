/** Which keys an event concerns: a run, TaskRun, CustomRun or Pod concerns both its execution and its target's lock. */
import { ANNOTATION_EXECUTION, LABEL_EXECUTION_UID, LABEL_TARGET_HASH } from "../api/labels.ts";
import type { KubernetesObject } from "../api/meta.ts";
import type { TargetLock } from "../api/target-lock.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { lockNameOfHash } from "../lock/lock-name.ts";
import type { StoreChange } from "../runtime/store.ts";
import { executionKey, lockKey } from "./keys.ts";
import type { Stores } from "./stores.ts";

/** Calls `add` with every key that a change of a store concerns. Returns what ends it. */
export function watchStores(stores: Stores, add: (key: string) => void): () => void {
  const ends = [
    stores.executions.subscribe((change) => {
      addAll(keysOfExecution(change, stores));
    }),
    stores.locks.subscribe((change) => {
      addAll(keysOfLock(change));
    }),
    stores.runs.subscribe(children),
    stores.taskRuns.subscribe(children),
    stores.customRuns.subscribe(children),
    stores.pods.subscribe(children),
  ];
  return () => {
    ends.forEach((end) => {
      end();
    });
  };

  function addAll(keys: readonly string[]): void {
    keys.forEach(add);
  }
  function children(change: StoreChange<KubernetesObject>): void {
    addAll(keysOfChild(change.after ?? change.before, stores));
  }
}

/** The execution itself, and the locks that it holds or recorded. */
function keysOfExecution({ before, after }: StoreChange<WorkflowExecution>, stores: Stores): readonly string[] {
  const execution = after ?? before;
  if (execution === undefined) return [];
  const held = stores.locks.byIndex("holder", execution.metadata.uid ?? "").map(({ metadata }) => metadata.name);
  const recorded = (execution.status?.locks ?? []).map(({ name }) => name);
  return [executionKey(execution.metadata), ...[...new Set([...held, ...recorded])].map(lockKey)];
}

/** The lock itself, who holds it and who held it. */
function keysOfLock({ key, before, after }: StoreChange<TargetLock>): readonly string[] {
  const holders = [before?.spec.holder, after?.spec.holder].filter((holder) => holder !== undefined);
  return [lockKey(key), ...holders.map(executionKey)];
}

function keysOfChild(child: KubernetesObject | undefined, stores: Stores): readonly string[] {
  const labels = child?.metadata.labels ?? {};
  const hash = labels[LABEL_TARGET_HASH];
  const uid = labels[LABEL_EXECUTION_UID] ?? "";
  const owners = stores.executions.byIndex("uid", uid).map(({ metadata }) => executionKey(metadata));
  const named = child?.metadata.annotations?.[ANNOTATION_EXECUTION];
  const keys = owners.length > 0 || named === undefined ? owners : [`execution/${named}`];
  return hash === undefined ? keys : [...keys, lockKey(lockNameOfHash(hash))];
}
