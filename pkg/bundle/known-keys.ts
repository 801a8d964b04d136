/**
 * The fields of Tekton's `tekton.dev/v1` types (pkg/apis/pipeline/v1 of Tekton 1.15). Tekton decodes bundles strictly: a
 * field that it doesn't know fails every run, so it is found here instead.
 */
export const objectKeys = ["apiVersion", "kind", "metadata", "spec"];

export const pipelineKeys = ["displayName", "description", "tasks", "params", "workspaces", "results", "finally"];

export const pipelineTaskKeys = [
  "name",
  "displayName",
  "description",
  "taskRef",
  "taskSpec",
  "when",
  "retries",
  "runAfter",
  "params",
  "matrix",
  "workspaces",
  "timeout",
  "pipelineRef",
  "pipelineSpec",
  "onError",
];

export const taskKeys = [
  "params",
  "displayName",
  "description",
  "steps",
  "volumes",
  "stepTemplate",
  "sidecars",
  "workspaces",
  "results",
];

/** A task inside a pipeline may have metadata, and be a custom task. */
export const embeddedTaskKeys = [...taskKeys, "apiVersion", "kind", "metadata", "spec"];

const containerKeys = [
  "image",
  "command",
  "args",
  "workingDir",
  "envFrom",
  "env",
  "computeResources",
  "volumeMounts",
  "volumeDevices",
  "imagePullPolicy",
  "securityContext",
];

export const stepTemplateKeys = containerKeys;

export const stepKeys = [
  ...containerKeys,
  "name",
  "displayName",
  "script",
  "timeout",
  "workspaces",
  "onError",
  "stdoutConfig",
  "stderrConfig",
  "ref",
  "params",
  "results",
  "when",
];

export const sidecarKeys = [
  ...containerKeys,
  "name",
  "script",
  "ports",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
  "terminationMessagePath",
  "terminationMessagePolicy",
  "stdin",
  "stdinOnce",
  "tty",
  "workspaces",
  "restartPolicy",
];
