/** Which keys an event concerns: a run, TaskRun, CustomRun or Pod concerns both its execution and its target's lock. */
import { ANNOTATION_EXECUTION, LABEL_EXECUTION_UID, LABEL_TARGET_HASH } from "../api/labels.ts";
import type { KubernetesObject } from "../api/meta.ts";
import type { TargetLock } from "../api/target-lock.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { isUnstarted } from "../execution/conditions.ts";
import { isWaitingReason } from "../execution/rules/wait-for-target.ts";
import { lockNameOfHash } from "../lock/lock-name.ts";
import { targetPlace } from "../lock/target-text.ts";
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
      addAll(keysOfLock(change, stores));
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

/** The execution itself, the locks that it holds or recorded, and who else waits for its target when it begins or ends to wait. */
function keysOfExecution({ before, after }: StoreChange<WorkflowExecution>, stores: Stores): readonly string[] {
  const execution = after ?? before;
  if (execution === undefined) return [];
  const held = stores.locks.byIndex("holder", execution.metadata.uid ?? "").map(({ metadata }) => metadata.name);
  const recorded = (execution.status?.locks ?? []).map(({ name }) => name);
  const next = isInQueue(before) === isInQueue(after) ? [] : keysOfUnstarted(execution.spec.targetResource, stores);
  return [executionKey(execution.metadata), ...[...new Set([...held, ...recorded])].map(lockKey), ...next];
}

function isInQueue(execution: WorkflowExecution | undefined): boolean {
  return execution !== undefined && isUnstarted(execution) && isWaitingReason(execution.status?.reason);
}

/** The lock itself, who holds it and who held it, and who waits for it. */
function keysOfLock({ key, before, after }: StoreChange<TargetLock>, stores: Stores): readonly string[] {
  const holders = [before?.spec.holder, after?.spec.holder].filter((holder) => holder !== undefined);
  const target = (after ?? before)?.spec.targetResource;
  const next = target === undefined || after?.spec.state === "Bound" ? [] : keysOfUnstarted(target, stores);
  return [lockKey(key), ...holders.map(executionKey), ...next];
}

/** All executions that aren't started yet and name an object of that place: whether it is the same one, they find out. */
function keysOfUnstarted(target: string, stores: Stores): readonly string[] {
  return stores.executions.byIndex("unstarted", targetPlace(target)).map(({ metadata }) => executionKey(metadata));
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
