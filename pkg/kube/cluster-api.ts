import type { Pod } from "../api/core.ts";
import { GROUP, VERSION } from "../api/labels.ts";
import type { TargetLock } from "../api/target-lock.ts";
import type { CustomRun, PipelineRun, TaskRun } from "../api/tekton.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import type { ClusterApi } from "../controller/ports.ts";
import { selfSubjectAccessReview } from "./access.ts";
import type { Connection } from "./connection.ts";
import { discoverKinds } from "./discovery.ts";
import { readLog } from "./read-log.ts";
import { createResource } from "./resource.ts";
import type { ResourceType } from "./resource-path.ts";

/** The kinds that the controller reads, writes and watches. */
export const resourceTypes = {
  executions: {
    group: GROUP,
    version: VERSION,
    plural: "workflowexecutions",
    kind: "WorkflowExecution",
    namespaced: true,
  },
  locks: { group: GROUP, version: VERSION, plural: "targetlocks", kind: "TargetLock", namespaced: false },
  runs: { group: "tekton.dev", version: "v1", plural: "pipelineruns", kind: "PipelineRun", namespaced: true },
  taskRuns: { group: "tekton.dev", version: "v1", plural: "taskruns", kind: "TaskRun", namespaced: true },
  customRuns: { group: "tekton.dev", version: "v1beta1", plural: "customruns", kind: "CustomRun", namespaced: true },
  pods: { group: "", version: "v1", plural: "pods", kind: "Pod", namespaced: true },
} as const satisfies Record<string, ResourceType>;

/** Everything that the controller asks of the cluster, over one connection. Throws ApiError. */
export function createClusterApi(connection: Connection): ClusterApi {
  const pods = createResource<Pod>(connection, resourceTypes.pods);
  return {
    executions: createResource<WorkflowExecution>(connection, resourceTypes.executions),
    locks: createResource<TargetLock>(connection, resourceTypes.locks),
    runs: createResource<PipelineRun>(connection, resourceTypes.runs),
    taskRuns: createResource<TaskRun>(connection, resourceTypes.taskRuns),
    customRuns: createResource<CustomRun>(connection, resourceTypes.customRuns),
    pods,
    discoverKinds: () => discoverKinds(connection),
    mayCreateRuns: (namespace) => mayCreate(connection, resourceTypes.runs, namespace),
    readLog: (pod, container) => readLog(connection, pods, { pod, container }),
  };
}

function mayCreate(connection: Connection, type: ResourceType, namespace: string): Promise<boolean> {
  const { group, plural: resource } = type;
  return selfSubjectAccessReview(connection, { verb: "create", group, resource, namespace });
}
