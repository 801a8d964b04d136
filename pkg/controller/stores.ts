import type { Pod } from "../api/core.ts";
import { LABEL_EXECUTION_UID, LABEL_TARGET_HASH } from "../api/labels.ts";
import type { KubernetesObject } from "../api/meta.ts";
import type { CustomRun, PipelineRun, TaskRun } from "../api/tekton.ts";
import type { TargetLock } from "../api/target-lock.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { isUnstarted } from "../execution/conditions.ts";
import { isWaitingReason } from "../execution/waiting.ts";
import { targetPlace } from "../lock/target-text.ts";
import { createStore, type Store } from "../runtime/store.ts";
import { createPodEvents, type PodEvents } from "./pod-events.ts";
import { podsOf } from "./pods-of.ts";
import { keepPod, keepPipelineRun, keepTaskRun, withoutManagedFields } from "./projections.ts";

/** What the controller knows without asking. Children are found by their execution's uid, runs also by their target. */
export interface Stores {
  readonly executions: Store<WorkflowExecution, WorkflowExecution, "uid" | "lock" | "unstarted" | "waiting">;
  readonly locks: Store<TargetLock, TargetLock, "holder">;
  readonly runs: Store<PipelineRun, PipelineRun, "execution" | "target">;
  readonly taskRuns: Store<TaskRun, TaskRun, "execution" | "pod">;
  readonly customRuns: Store<CustomRun, CustomRun, "execution">;
  readonly pods: Store<Pod, Pod, "execution">;
  /** Not stored: whoever needs them listens. */
  readonly podEvents: PodEvents;
}

/** Empty stores, to be filled by reflectors and by the answers to the controller's own writes. */
export function createStores(): Stores {
  const execution = byLabel(LABEL_EXECUTION_UID);
  return {
    executions: createStore({
      project: withoutManagedFields,
      indices: {
        uid: ({ metadata }: WorkflowExecution) => [metadata.uid ?? ""],
        lock: ({ status }: WorkflowExecution) => (status?.locks ?? []).map(({ name }) => name),
        unstarted: (execution: WorkflowExecution) =>
          isUnstarted(execution) ? [targetPlace(execution.spec.targetResource)] : [],
        waiting: waitingFor,
      },
    }),
    locks: createStore({
      project: withoutManagedFields,
      indices: { holder: ({ spec }: TargetLock) => (spec.holder === undefined ? [] : [spec.holder.uid]) },
    }),
    runs: createStore({ project: keepPipelineRun, indices: { execution, target: byLabel(LABEL_TARGET_HASH) } }),
    taskRuns: createStore({ project: keepTaskRun, indices: { execution, pod: podsOf } }),
    customRuns: createStore({ project: withoutManagedFields, indices: { execution } }),
    pods: createStore({ project: keepPod, indices: { execution } }),
    podEvents: createPodEvents(),
  };
}

/** The reason for which it waits to take its target. */
function waitingFor(execution: WorkflowExecution): readonly string[] {
  const { reason } = execution.status ?? {};
  return reason !== undefined && isUnstarted(execution) && isWaitingReason(reason) ? [reason] : [];
}

function byLabel(label: string): (object: KubernetesObject) => string[] {
  return ({ metadata }) => {
    const value = metadata.labels?.[label];
    return value === undefined ? [] : [value];
  };
}
