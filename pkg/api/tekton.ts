import type { ContainerState, ContainerTerminated } from "./core.ts";
import type { Condition, KubernetesObject } from "./meta.ts";

/** The part of tekton.dev/v1 that the product reads and writes (pkg/apis/pipeline/v1 of tektoncd/pipeline). */
export const TEKTON_API_VERSION = "tekton.dev/v1";

/** Value of PipelineRun spec.status with which every run of ours is born: Tekton does nothing with it until it is removed. */
export const PIPELINE_RUN_PENDING = "PipelineRunPending";

export type CancelMode = "Cancelled" | "CancelledRunFinally" | "StoppedRunFinally";

/** A knative condition as Tekton writes it: reason and message may be absent. */
export type TektonCondition = Pick<Condition, "type" | "status"> &
  Partial<Pick<Condition, "reason" | "message" | "lastTransitionTime">>;

export interface Param {
  readonly name: string;
  readonly value: string;
}

export interface PipelineRun extends KubernetesObject {
  readonly spec: PipelineRunSpec;
  readonly status?: PipelineRunStatus;
}

export interface PipelineRunSpec {
  readonly pipelineRef?: { readonly resolver: string; readonly params: readonly Param[] };
  readonly params?: readonly Param[];
  readonly status?: string;
  readonly timeouts?: { readonly pipeline?: string; readonly tasks?: string; readonly finally?: string };
  readonly workspaces?: readonly WorkspaceBinding[];
  readonly taskRunTemplate?: {
    readonly serviceAccountName?: string;
    readonly podTemplate?: { readonly securityContext?: Readonly<Record<string, unknown>> };
  };
}

export interface WorkspaceBinding {
  readonly name: string;
  readonly secret?: { readonly secretName: string };
  readonly configMap?: { readonly name: string };
}

export interface PipelineRunStatus {
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly finallyStartTime?: string;
  readonly conditions?: readonly TektonCondition[];
  readonly childReferences?: readonly ChildReference[];
  readonly pipelineSpec?: { readonly tasks?: readonly PipelineTask[]; readonly finally?: readonly PipelineTask[] };
  readonly skippedTasks?: readonly { readonly name: string; readonly reason?: string }[];
  readonly provenance?: Provenance;
}

export interface ChildReference {
  readonly kind?: string;
  readonly name: string;
  readonly pipelineTaskName?: string;
}

export interface PipelineTask {
  readonly name: string;
  /** `continue`: the run goes on when this task fails. */
  readonly onError?: string;
}

export interface Provenance {
  readonly refSource?: { readonly uri?: string; readonly digest?: Readonly<Record<string, string>> };
}

export interface TaskRun extends KubernetesObject {
  readonly spec?: { readonly status?: string; readonly statusMessage?: string };
  readonly status?: TaskRunStatus;
}

export interface TaskRunStatus {
  readonly podName?: string;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly conditions?: readonly TektonCondition[];
  readonly steps?: readonly StepState[];
  readonly sidecars?: readonly StepState[];
  readonly retriesStatus?: readonly Omit<TaskRunStatus, "retriesStatus">[];
}

export interface StepState extends ContainerState {
  readonly name: string;
  readonly container?: string;
  /** Set once the kubelet has started the container. */
  readonly imageID?: string;
  readonly terminationReason?: string;
  readonly terminated?: ContainerTerminated;
}

/** A tekton.dev/v1beta1 CustomRun: only whether it is alive matters. */
export interface CustomRun extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly TektonCondition[] };
}
