/**
 * Reasons that Tekton and Kubernetes write, by what they mean for us (failures.md section 2). From tektoncd
 * pkg/apis/pipeline/v1/{taskrun,pipelinerun}_types.go and pkg/pod/status.go, and from the kubelet.
 */

/** TaskRun: a container was killed for its memory (since Tekton 1.12; before, only the step says so). */
export const OOM_REASONS = setOf("StepOOM", "SidecarOOM", "InitContainerOOM");

/** TaskRun: an image could not be pulled. */
export const IMAGE_REASONS = setOf("TaskRunImagePullFailed", "PullImageFailed");

/** A waiting container: its image can't be had. */
export const BAD_IMAGE_WAITING = setOf(
  "ImagePullBackOff",
  "ErrImagePull",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImageInspectError",
  "RegistryUnavailable",
);

/** TaskRun: no room in the quota or on the nodes, or thrown off a node that ran out. */
export const EXHAUSTED_REASONS = setOf("ExceededResourceQuota", "ExceededNodeResources", "PodEvicted");

/** Pod reason, DisruptionTarget or warning: thrown off its node, or not let onto it, because something ran out there. */
export const NO_ROOM_ON_NODE = setOf(
  "Evicted",
  "OutOfcpu",
  "OutOfephemeral-storage",
  "OutOfmemory",
  "OutOfpods",
  "Preempted",
  "Preempting",
  "PreemptionByScheduler",
);

/** A container that the kubelet or the runtime could not make as it was asked for. */
export const BAD_CONTAINER = setOf(
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "StartError",
  "ContainerCannotRun",
);

/** TaskRun and PipelineRun: the pipeline, its parameters or its surroundings are wrong; trying again ends alike. */
export const CONFIGURATION_REASONS = setOf(
  "CELEvaluationFailed",
  "ReasonCouldntCreateOrUpdateAffinityAssistantStatefulSet",
  "CouldntCreateWorkspacePVC",
  "CouldntGetPipelineResult",
  "CreateContainerConfigError",
  "CreateRunFailed",
  "InvalidMatrixParameterTypes",
  "InvalidParamValue",
  "InvalidPipelineResourceBindings",
  "InvalidPipelineResultReference",
  "InvalidTaskResultReference",
  "InvalidTaskRunSpecs",
  "InvalidWorkspaceBindings",
  "ObjectParameterMissKeys",
  "ParamArrayIndexingInvalid",
  "ParameterMissing",
  "ParameterTypeMismatch",
  "PipelineInvalidGraph",
  "PipelineValidationFailed",
  "PodCreationFailed",
  "RequiredWorkspaceMarkedOptional",
  "TaskRunValidationFailed",
  "TaskValidationFailed",
);

/** PipelineRun and TaskRun: what they refer to could not be fetched; the message says why. */
export const RESOLUTION_REASONS = setOf("CouldntGetPipeline", "CouldntGetTask", "TaskRunResolutionFailed");

/** Pod reason, DisruptionTarget or warning: taken away, but not by us and not for lack of resources. */
export const INTERRUPTIONS = setOf(
  "DeletionByPodGC",
  "DeletionByTaintManager",
  "EvictionByEvictionAPI",
  "NodeLost",
  "NodeNotReady",
  "NodeShutdown",
  "Shutdown",
  "TaintManagerEviction",
  "TerminationByKubelet",
  "Terminated",
);

/** Warnings of the kubelet and the volume controllers: what a pod needs before its first container isn't ready. */
export const SETUP_EVENTS = setOf(
  "FailedAttachVolume",
  "FailedCreatePodContainer",
  "FailedCreatePodSandBox",
  "FailedMapVolume",
  "FailedMount",
  "NetworkNotReady",
);

/** TaskRun: it ran and ended badly. "Failed" is what Tekton before 1.12 said for all of them. */
export const FAILED_REASONS = setOf(
  "Failed",
  "InitContainerFailed",
  "SidecarFailed",
  "StepFailed",
  "TaskRunResultLargerThanAllowedLimit",
);

function setOf(...reasons: readonly string[]): ReadonlySet<string> {
  return new Set(reasons);
}
