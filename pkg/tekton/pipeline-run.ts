import {
  ANNOTATION_CORRELATION_ID,
  ANNOTATION_EXECUTION,
  ANNOTATION_LOCK_EPOCH,
  ANNOTATION_TARGET,
  LABEL_EXECUTION_NAME,
  LABEL_EXECUTION_UID,
  LABEL_MANAGED_BY,
  LABEL_SOURCE_NAMESPACE,
  LABEL_TARGET_HASH,
  LABEL_WORKFLOW_ID,
  MANAGED_BY,
} from "../api/labels.ts";
import {
  PIPELINE_RUN_PENDING,
  TEKTON_API_VERSION,
  type Param,
  type PipelineRun,
  type WorkspaceBinding,
} from "../api/tekton.ts";
import type { WorkflowExecution, WorkflowExecutionSpec } from "../api/workflow-execution.ts";
import { askedBundle, BUNDLE_PARAM, bundleReference } from "./bundle.ts";
import { labelValue } from "./label-value.ts";
import { runName } from "./run-name.ts";
import { runTimeouts, tektonTimeouts } from "./timeouts.ts";

export const PIPELINE_NAME = "workflow";
export const TARGET_RESOURCE_PARAM = "TARGET_RESOURCE";

export interface RunSettings {
  /** Namespace in which all runs live. */
  readonly namespace: string;
  /** Service account where the execution names none. */
  readonly serviceAccountName: string;
  readonly defaultTimeoutMs: number;
  /** The API server's time (ms). */
  readonly now: number;
  /** The lock under which the run will be started. */
  readonly lock: { readonly hash: string; readonly epoch: number; readonly target: string };
}

/**
 * The one PipelineRun of an execution, born Pending: Tekton does nothing with it until it is started by a tested patch
 * (lock.md A3, A6; api.md section 2).
 */
export function buildPipelineRun(execution: WorkflowExecution, settings: RunSettings): PipelineRun {
  const { spec } = execution;
  return {
    apiVersion: TEKTON_API_VERSION,
    kind: "PipelineRun",
    metadata: {
      name: runName({ name: execution.metadata.name, uid: execution.metadata.uid ?? "" }),
      namespace: settings.namespace,
      labels: runLabels(execution, settings),
      annotations: runAnnotations(execution, settings),
    },
    spec: {
      status: PIPELINE_RUN_PENDING,
      pipelineRef: {
        resolver: "bundles",
        params: [
          { name: BUNDLE_PARAM, value: bundleReference(askedBundle(spec.workflowRef)) },
          { name: "name", value: PIPELINE_NAME },
          { name: "kind", value: "pipeline" },
        ],
      },
      params: runParams(spec),
      timeouts: tektonTimeouts(runTimeouts(execution, settings.defaultTimeoutMs, settings.now)),
      ...workspacesOf(spec),
      taskRunTemplate: {
        serviceAccountName: serviceAccountOf(spec, settings.serviceAccountName),
        podTemplate: { securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } },
      },
    },
  };
}

/** The service account that the run's pods use. BR-WE-006. */
export function serviceAccountOf(spec: WorkflowExecutionSpec, fallback: string): string {
  return spec.executionConfig?.serviceAccountName ?? spec.workflowRef.serviceAccountName ?? fallback;
}

function runLabels(execution: WorkflowExecution, settings: RunSettings): Readonly<Record<string, string>> {
  const { metadata, spec } = execution;
  return {
    [LABEL_EXECUTION_UID]: metadata.uid ?? "",
    [LABEL_EXECUTION_NAME]: labelValue(metadata.name),
    [LABEL_WORKFLOW_ID]: labelValue(spec.workflowRef.workflowId),
    [LABEL_SOURCE_NAMESPACE]: metadata.namespace ?? "",
    [LABEL_TARGET_HASH]: settings.lock.hash,
    [LABEL_MANAGED_BY]: MANAGED_BY,
  };
}

function runAnnotations(execution: WorkflowExecution, settings: RunSettings): Readonly<Record<string, string>> {
  const { metadata, spec } = execution;
  return {
    [ANNOTATION_EXECUTION]: `${metadata.namespace ?? ""}/${metadata.name}`,
    [ANNOTATION_TARGET]: settings.lock.target,
    [ANNOTATION_CORRELATION_ID]: spec.remediationRequestRef.name,
    [ANNOTATION_LOCK_EPOCH]: String(settings.lock.epoch),
  };
}

/** All parameters unchanged, and the target as it was written. BR-WE-002. */
function runParams(spec: WorkflowExecutionSpec): readonly Param[] {
  const declared = spec.workflowRef.declaredParameterNames;
  const given = Object.entries(spec.parameters ?? {})
    .filter(([name]) => declared === undefined || declared[name] === true)
    .map(([name, value]) => ({ name, value }));
  return [...given, { name: TARGET_RESOURCE_PARAM, value: spec.targetResource }];
}

/** Dependencies of newer orchestrators become workspaces: `secret-<name>`, `configmap-<name>`. */
function workspacesOf(spec: WorkflowExecutionSpec): { readonly workspaces?: readonly WorkspaceBinding[] } {
  const { secrets = [], configMaps = [] } = spec.workflowRef.dependencies ?? {};
  const workspaces = [
    ...secrets.map(({ name }) => ({ name: `secret-${name}`, secret: { secretName: name } })),
    ...configMaps.map(({ name }) => ({ name: `configmap-${name}`, configMap: { name } })),
  ];
  return workspaces.length === 0 ? {} : { workspaces };
}
