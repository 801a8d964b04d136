/** Names that others rely on: labels, annotations, the finalizer (docs: api.md section 2). */
export const GROUP = "kubernaut.ai";
export const VERSION = "v1alpha1";
export const API_VERSION = `${GROUP}/${VERSION}`;

export const FINALIZER = `${GROUP}/workflowexecution-cleanup`;

export const LABEL_EXECUTION_UID = `${GROUP}/workflow-execution-uid`;
export const LABEL_EXECUTION_NAME = `${GROUP}/workflow-execution`;
export const LABEL_WORKFLOW_ID = `${GROUP}/workflow-id`;
export const LABEL_SOURCE_NAMESPACE = `${GROUP}/source-namespace`;
export const LABEL_TARGET_HASH = `${GROUP}/target-hash`;
export const LABEL_MANAGED_BY = "app.kubernetes.io/managed-by";
export const MANAGED_BY = "workflow-execution-controller";

/** The wish of a person to lift a block, and who they are: admission compares the name with the authenticated user. */
export const ANNOTATION_CLEAR_BLOCK = `${GROUP}/clear-execution-block`;
export const ANNOTATION_CLEARED_BY = `${GROUP}/cleared-by`;

/** On a run that this controller cancelled: why. */
export const ANNOTATION_STOP_REASON = `${GROUP}/stop-reason`;

/** When this controller asked for that last (RFC 3339, the API server's clock). */
export const ANNOTATION_STOP_REQUESTED_AT = `${GROUP}/stop-requested-at`;

/** Why a run was cancelled by this controller: somebody asked for it, its execution was deleted, or its time was up. */
export type StopReason = "Cancel" | "Deletion" | "DeadlineExceeded";

export const ANNOTATION_EXECUTION = `${GROUP}/execution`;
export const ANNOTATION_TARGET = `${GROUP}/target-resource`;
export const ANNOTATION_CORRELATION_ID = `${GROUP}/correlation-id`;
export const ANNOTATION_LOCK_EPOCH = `${GROUP}/lock-epoch`;
