/** Which keys an event concerns: a run, TaskRun, CustomRun or Pod concerns both its execution and its target's lock. */
import { ANNOTATION_EXECUTION, LABEL_EXECUTION_UID, LABEL_TARGET_HASH } from "../api/labels.ts";
import type { KubernetesObject } from "../api/meta.ts";
import type { TargetLock } from "../api/target-lock.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { isTerminal, isUnstarted } from "../execution/conditions.ts";
import { isWaitingReason } from "../execution/waiting.ts";
import { lockNameOfHash } from "../lock/lock-name.ts";
import { targetPlace } from "../lock/target-text.ts";
import type { StoreChange } from "../runtime/store.ts";
import { executionKey, lockKey } from "./keys.ts";
import { isKept, oldestFinishedRun } from "./newer-runs.ts";
import type { NamedPodEvent } from "./named-pod-event.ts";
import { executionOfPod } from "./pod-owner.ts";
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
    stores.runs.subscribe((change) => {
      children(change);
      if (isKept(change.before) && !isKept(change.after)) addAll(keysOfRetention(stores));
    }),
    stores.taskRuns.subscribe(children),
    stores.customRuns.subscribe(children),
    stores.pods.subscribe(children),
    stores.podEvents.subscribe((event) => {
      addAll(keysOfPodEvent(event, stores));
    }),
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
function keysOfExecution(change: StoreChange<WorkflowExecution>, stores: Stores): readonly string[] {
  const { before, after } = change;
  const execution = after ?? before;
  if (execution === undefined) return [];
  const held = stores.locks.byIndex("holder", execution.metadata.uid ?? "").map(({ metadata }) => metadata.name);
  const recorded = (execution.status?.locks ?? []).map(({ name }) => name);
  const next = isInQueue(before) === isInQueue(after) ? [] : keysOfUnstarted(execution.spec.targetResource, stores);
  const oldest = hasEnded(change) ? keysOfRetention(stores) : [];
  const locks = [...new Set([...held, ...recorded])].map(lockKey);
  return [executionKey(execution.metadata), ...locks, ...next, ...oldest];
}

function hasEnded({ before, after }: StoreChange<WorkflowExecution>): boolean {
  return before !== undefined && !isTerminal(before.status?.phase) && isTerminal(after?.status?.phase);
}

/**
 * Whose run goes next, when there are too many finished runs. Told whenever one more is kept, and whenever one is kept no
 * longer: whoever goes hands on to the next, so that none is left over where several ended at once.
 */
function keysOfRetention(stores: Stores): readonly string[] {
  const oldest = oldestFinishedRun(stores);
  return oldest === undefined ? [] : [executionKey(oldest.metadata)];
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

/** The execution whose pod it is about. Where nobody knows that yet, the pod or its TaskRun will tell. */
function keysOfPodEvent({ namespace, podName }: NamedPodEvent, stores: Stores): readonly string[] {
  const uid = executionOfPod(stores, `${namespace}/${podName}`);
  return uid === undefined ? [] : stores.executions.byIndex("uid", uid).map(({ metadata }) => executionKey(metadata));
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
