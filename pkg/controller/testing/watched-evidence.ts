import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { timeAfter } from "../../../test/support/builders/moments.ts";
import type { CoreEvent, Pod } from "../../api/core.ts";
import type { TaskRun } from "../../api/tekton.ts";
import type { WorkflowExecution } from "../../api/workflow-execution.ts";
import { rememberLiveEvidence, type LiveMemory } from "../live-evidence.ts";
import { createStores, type Stores } from "../stores.ts";

/** Uid of the execution that tests are about. */
export const UID = "uid-of-restart-checkout";
export const NAMESPACE = "kubernaut-workflows";

let version = 1000;

function nextVersion(): string {
  return String((version += 1));
}

/** Each object that is told is newer than all before. */
function told<T extends { readonly metadata: object }>(object: T): T {
  return { ...object, metadata: { ...object.metadata, resourceVersion: nextVersion() } };
}

/** A pod of the execution with that uid. */
export function aPodOf(execution: string, name: string, uid = `uid-of-${name}`, phase = "Running"): Pod {
  const labels = { "kubernaut.ai/workflow-execution-uid": execution };
  return { metadata: { name, namespace: NAMESPACE, uid, labels }, status: { phase } };
}

/** The Event of that name about that pod, said so many seconds after the beginning. */
export function aWarning(name: string, pod: string, seconds = 0, uid = `uid-of-${pod}`): CoreEvent {
  return {
    metadata: { name, namespace: NAMESPACE },
    involvedObject: { kind: "Pod", name: pod, uid },
    type: "Warning",
    reason: "BackOff",
    message: `${name} about ${pod}`,
    lastTimestamp: timeAfter(seconds),
  };
}

/** A TaskRun whose pod has that name; its earlier attempts had those. */
export function aTaskRunWith(pod: string, retried: readonly string[] = []): TaskRun {
  const labels = { "kubernaut.ai/workflow-execution-uid": UID };
  const retriesStatus = retried.map((podName) => ({ podName }));
  return {
    metadata: { name: `${pod}-taskrun`, namespace: NAMESPACE, labels },
    status: { podName: pod, retriesStatus },
  };
}

/** Stores and what is remembered of them. Each act is what a watch tells. */
export class Watched {
  readonly stores: Stores = createStores();
  readonly memory: LiveMemory = rememberLiveEvidence(this.stores);

  execution(w: WorkflowExecution = aWorkflowExecution()): this {
    this.stores.executions.apply({ type: "MODIFIED", object: told(w) });
    return this;
  }
  executionGone(w: WorkflowExecution = aWorkflowExecution()): this {
    this.stores.executions.apply({ type: "DELETED", object: told(w) });
    return this;
  }
  pod(pod: Pod): this {
    this.stores.pods.apply({ type: "MODIFIED", object: told(pod) });
    return this;
  }
  podGone(pod: Pod): this {
    this.stores.pods.apply({ type: "DELETED", object: told(pod) });
    return this;
  }
  taskRun(taskRun: TaskRun): this {
    this.stores.taskRuns.apply({ type: "MODIFIED", object: told(taskRun) });
    return this;
  }
  warning(event: CoreEvent, type: "ADDED" | "MODIFIED" | "DELETED" = "ADDED"): this {
    this.stores.podEvents.apply({ type, object: told(event) });
    return this;
  }
  /** A new list, which has these pods only. */
  podsListed(...pods: readonly Pod[]): this {
    this.stores.pods.replaceAll(pods.map(told), nextVersion());
    return this;
  }
  /** A new list, which has none. */
  noWarningsListed(): this {
    this.stores.podEvents.replaceAll([], nextVersion());
    return this;
  }
  /** Uids of the pods that are remembered. */
  lost(uid = UID): readonly (string | undefined)[] {
    return this.memory.of(uid).lostPods.map(({ metadata }) => metadata.uid);
  }
  /** Messages of the warnings that are remembered. */
  messages(uid = UID): readonly string[] {
    return this.memory.of(uid).events.map(({ message }) => message);
  }
}

/** From 0. */
export function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => n);
}
