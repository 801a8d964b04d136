/** The objects that Tekton makes for a run of one task with one step, as recorded from Tekton 1.15 (test/data). */
import type { Pod } from "../../../pkg/api/core.ts";
import type { KubernetesObject, ObjectMeta, OwnerReference } from "../../../pkg/api/meta.ts";
import type { PipelineRun, TaskRun } from "../../../pkg/api/tekton.ts";

/** The node on which all pods of the player are. */
export const NODE = "tekton-player";
/** The only task of a run, and its only `finally` task. */
export const TASKS = ["act", "cleanup"] as const;
export type TaskName = (typeof TASKS)[number];
export const STEP = "change";

/** spec.statusMessage of a TaskRun that its cancelled run, or the end of its run's time, has stopped. */
export const CANCELLED_BY_RUN = "TaskRun cancelled as the PipelineRun it belongs to has been cancelled.";
export const TIMED_OUT_BY_RUN = "TaskRun cancelled as the PipelineRun it belongs to has timed out.";

/** A TaskRun with the part of its spec that is needed to create one. */
export interface PlayedTaskRun extends TaskRun {
  readonly spec?: TaskRunSpec;
}

interface TaskRunSpec {
  readonly status?: string;
  readonly statusMessage?: string;
  readonly serviceAccountName?: string;
  readonly taskSpec?: { readonly steps: readonly { readonly name: string; readonly image: string }[] };
}

/** A Pod with its spec. */
export interface PlayedPod extends Pod {
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The TaskRun of a task. */
export function taskRunFor(run: PipelineRun, task: TaskName): PlayedTaskRun {
  const { serviceAccountName } = run.spec.taskRunTemplate ?? {};
  return {
    metadata: {
      ...childMeta(run, `${run.metadata.name}-${task}`, "PipelineRun"),
      labels: {
        ...run.metadata.labels,
        "app.kubernetes.io/managed-by": "tekton-pipelines",
        "tekton.dev/memberOf": task === "act" ? "tasks" : "finally",
        "tekton.dev/pipeline": run.metadata.name,
        "tekton.dev/pipelineRun": run.metadata.name,
        "tekton.dev/pipelineRunUID": run.metadata.uid ?? "",
        "tekton.dev/pipelineTask": task,
      },
    },
    spec: {
      ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
      taskSpec: { steps: [{ name: STEP, image: "example.com/action:1" }] },
    },
  };
}

/** The only pod of a TaskRun, such as a namespace of level `restricted` lets in. */
export function podFor(taskRun: PlayedTaskRun): PlayedPod {
  const serviceAccountName = taskRun.spec?.serviceAccountName ?? "default";
  return {
    metadata: {
      ...childMeta(taskRun, `${taskRun.metadata.name}-pod`, "TaskRun"),
      labels: {
        ...taskRun.metadata.labels,
        "tekton.dev/taskRun": taskRun.metadata.name,
        "tekton.dev/taskRunUID": taskRun.metadata.uid ?? "",
      },
    },
    spec: {
      // On a node, so that its deletion takes a while, as that of a real one: until the kubelet has stopped it.
      nodeName: NODE,
      serviceAccountName,
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: `step-${STEP}`,
          image: "example.com/action:1",
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
}

function childMeta(
  owner: KubernetesObject,
  name: string,
  kind: string,
): Pick<ObjectMeta, "name" | "namespace" | "annotations" | "ownerReferences"> {
  const { namespace = "", annotations = {}, uid = "" } = owner.metadata;
  const reference: OwnerReference = {
    apiVersion: "tekton.dev/v1",
    kind,
    name: owner.metadata.name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return { name, namespace, annotations, ownerReferences: [reference] };
}
