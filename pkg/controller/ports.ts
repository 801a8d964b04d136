import type { ConfigMap, Pod } from "../api/core.ts";
import type { KindCatalog } from "../api/kinds.ts";
import type { KubernetesObject, ObjectRef } from "../api/meta.ts";
import type { CustomRun, PipelineRun, TaskRun } from "../api/tekton.ts";
import type { TargetLock } from "../api/target-lock.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import type { AuditBacklog, AuditReceipt } from "../execution/snapshot.ts";

/**
 * The Kubernetes API as this controller needs it. Every method is exactly one request (a long list: one per page) and
 * throws ApiError when it didn't succeed. Reads are quorum reads: never from a cache, never resourceVersion=0.
 */
export interface ResourceApi<T extends KubernetesObject> {
  /** Undefined where the object doesn't exist (404 of the object itself). */
  get(ref: ObjectRef): Promise<T | undefined>;
  /** All objects with that label, in one namespace or (without one) in all. */
  list(query: LabelQuery): Promise<readonly T[]>;
  create(object: T): Promise<T>;
  /** PUT of the main resource; metadata.resourceVersion must be set and is compared by the server. */
  replace(object: T): Promise<T>;
  /** PUT of /status; metadata.resourceVersion must be set and is compared by the server. */
  replaceStatus(object: T): Promise<T>;
  jsonPatch(ref: ObjectRef, operations: readonly PatchOperation[]): Promise<T>;
  /** Deletes exactly this object (uid, and resourceVersion where given, are preconditions). */
  delete(ref: ObjectRef, options: DeleteOptions): Promise<void>;
}

export interface LabelQuery {
  readonly namespace?: string;
  readonly labelSelector: string;
}

export type PatchOperation =
  | { readonly op: "test" | "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

export interface DeleteOptions {
  readonly uid: string;
  readonly resourceVersion?: string;
  readonly propagation?: "Foreground" | "Background";
  readonly gracePeriodSeconds?: number;
}

/** Everything that the controller asks of the cluster. */
export interface ClusterApi {
  readonly executions: ResourceApi<WorkflowExecution>;
  readonly locks: ResourceApi<TargetLock>;
  readonly runs: ResourceApi<PipelineRun>;
  readonly taskRuns: ResourceApi<TaskRun>;
  readonly customRuns: ResourceApi<CustomRun>;
  readonly pods: ResourceApi<Pod>;
  /** Asks the API server anew which kinds it serves. */
  discoverKinds(): Promise<KindCatalog>;
  /** SelfSubjectAccessReview: may this controller create PipelineRuns in that namespace? */
  mayCreateRuns(namespace: string): Promise<boolean>;
  /**
   * The end of what a container of exactly this pod has written: at most 40 lines and 8 KiB. Two requests, because a log
   * can only be asked for by the pod's name: whose name that is, is read afterwards. Throws ApiError, of kind
   * `conflict` where the name is another pod's by now.
   */
  readLog(pod: ObjectRef & { readonly uid: string }, container: string): Promise<string>;
}

/** What the audit side has committed and the executions' statuses don't say yet. */
export interface AuditReceipts {
  /** The last committed event of that execution (uid). */
  receipt(uid: string): AuditReceipt | undefined;
  /** What it has still to commit. Asked at every look at an execution: it must be cheap. */
  backlog(): AuditBacklog;
}

/** Where the checkpoints of the audit trail are kept, out of reach of its database: texts under keys, in one object. */
export interface CheckpointStore {
  /** Throws ApiError, and Error where the object isn't there. */
  read(): Promise<ConfigMap>;
  /** Replaces the data of what was read. False where somebody else has done so since. Throws ApiError. */
  write(read: ConfigMap, data: Readonly<Record<string, string>>): Promise<boolean>;
}
