import { LABEL_EXECUTION_UID } from "../api/labels.ts";
import type { KubernetesObject } from "../api/meta.ts";
import type { Stores } from "./stores.ts";

/**
 * Uid of the execution to which the pod of that name belongs; undefined where it is nobody's, or not known yet. Told by
 * the pod itself, or by the TaskRun that made it: pods may be gone already, their names are never used for another run
 * (tekton.md section 1).
 */
export function executionOfPod({ pods, taskRuns }: Pick<Stores, "pods" | "taskRuns">, key: string): string | undefined {
  const [taskRun] = taskRuns.byIndex("pod", key);
  return executionOf(pods.get(key)) ?? executionOf(taskRun);
}

function executionOf(object: KubernetesObject | undefined): string | undefined {
  return object?.metadata.labels?.[LABEL_EXECUTION_UID];
}
