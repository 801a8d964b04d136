// Generated from config/crd/kubernaut.ai_workflowexecutions.yaml by "make generate". Do not edit.
import type { Condition } from "./meta.ts";

/**
 * How much of the run is still done. StopRunFinally lets the tasks that run now end, starts no other and runs the finally tasks. CancelRunFinally stops the tasks that run now and runs the finally tasks, where a rollback lives. Cancel stops everything at once, finally tasks too: what the workflow began stays as it is.
 */
export type CancelRequestMode = "StopRunFinally" | "CancelRunFinally" | "Cancel";
/**
 * Pending until the run is seen running, then Running, then Completed (it ran and succeeded) or Failed (also where it was cancelled, see outcome). Skipped where nothing was started because of another execution, see skipDetails. Completed, Failed and Skipped are final.
 */
export type Phase = "Pending" | "Running" | "Completed" | "Failed" | "Skipped";
/**
 * How it ended: Success, Failed, Cancelled (phase Failed because someone stopped it), or n/a (Skipped). Set exactly in the final phases.
 */
export type Outcome = "Success" | "Failed" | "Cancelled" | "n/a";
/**
 * Whether it went well. pending for an act that is only begun, unknown where nobody knows.
 */
export type AuditOutcome = "success" | "failure" | "pending" | "unknown";

/**
 * A WorkflowExecution asks for one run of one workflow on one target object. The controller turns it into exactly one Tekton PipelineRun, never two at once on a target and never too soon again, explains how it ended and records everything. It is a request for one attempt: to try again, create another one with a new name.
 */
export interface WorkflowExecutionFields {
  readonly spec: WorkflowExecutionSpec;
  readonly status?: WorkflowExecutionStatus;
}
/**
 * What is to be run, on what, and within which limits. It cannot be changed after creation, but for cancel.
 */
export interface WorkflowExecutionSpec {
  readonly remediationRequestRef: RemediationRequestRef;
  readonly workflowRef: WorkflowRef;
  /**
   * Cluster on which the target lives. Absent or empty means the controller's own cluster. Any other value than the controller's configured clusterID ends the execution as Failed with reason UnsupportedCluster before anything runs.
   */
  readonly clusterID?: string;
  /**
   * Features that the controller must know to treat this execution correctly. An unknown one ends the execution as Failed with reason UnsupportedFeature before anything runs, instead of being ignored. This version knows none. At most 16.
   *
   * Items: Name of one feature.
   */
  readonly requiredFeatures?: readonly string[];
  /**
   * The object that the workflow acts on: namespace/kind/name, or kind/name for a cluster-scoped object. Kind may be written as a kind, a plural or a short name in any case and may carry its group (deployments.apps), which a kind that is not built in needs where several groups have it. Exactly this object is locked while the workflow runs, neither its owners nor its children.
   */
  readonly targetResource: string;
  /**
   * Parameters of the workflow, passed to the run unchanged as strings. Names in UPPER_SNAKE_CASE; at most 64, each value at most 8192 characters, all values together at most 65536. TARGET_RESOURCE is added by the controller. Where TARGET_RESOURCE_NAME, TARGET_RESOURCE_KIND or TARGET_RESOURCE_NAMESPACE are given they must name the same object as targetResource, or the execution ends as Failed with reason ConfigurationError: what is locked must be what is changed. Values are hidden in the audit trail, status and events, unless the controller's configuration names them as shown. Not a place for secrets all the same: use dependencies.
   */
  readonly parameters?: {
    /**
     * Value of one parameter, at most 8192 characters, without "$(" and "$$", which Tekton and Kubernetes would expand.
     */
    readonly [k: string]: string;
  };
  /**
   * How sure the one who chose this workflow was, from 0 to 1. Recorded only.
   */
  readonly confidence?: number;
  /**
   * Why this workflow was chosen, in words. Recorded only; at most 16384 characters.
   */
  readonly rationale?: string;
  readonly executionConfig?: ExecutionConfig;
  /**
   * Absolute deadline of the run (RFC 3339). The earlier of it and the timeout wins; if it has passed before the start, the execution ends as Failed with reason DeadlineExceeded and nothing runs.
   */
  readonly timesOutAt?: string;
  /**
   * What to do while another execution holds the target, or while the workflow is in the backoff after failures before it ran. Skip (the default) ends this one as Skipped. Wait keeps it Pending, in the order of creation among those that wait for the same target, until executionConfig.maxDelay or timesOutAt is over. A block always skips.
   */
  readonly onBusy?: "Skip" | "Wait";
  /**
   * What to do while the cooldown after a success of the same workflow on the same target runs. Skip (the default) ends this one as Skipped; Wait keeps it Pending until the cooldown is over, or executionConfig.maxDelay or timesOutAt.
   */
  readonly onCooldown?: "Skip" | "Wait";
  readonly requestedBy?: Requester;
  readonly cancel?: CancelRequest;
}
/**
 * The remediation request for which this execution was created. It is recorded as the correlation id of everything that happens and is not looked up.
 */
export interface RemediationRequestRef {
  /**
   * API version of the remediation request, for example kubernaut.ai/v1alpha1.
   */
  readonly apiVersion?: string;
  /**
   * Kind of the remediation request, usually RemediationRequest.
   */
  readonly kind?: string;
  /**
   * Name of the remediation request. It becomes the correlation id in events, annotations and the audit trail.
   */
  readonly name: string;
  /**
   * Namespace of the remediation request.
   */
  readonly namespace?: string;
  /**
   * UID of the remediation request, recorded beside its name because names can be used again.
   */
  readonly uid?: string;
}
/**
 * Which workflow is to be run, as the workflow catalog resolved it: its identity, and the OCI bundle that contains it. Exactly one of containerImage and executionBundle names the bundle.
 */
export interface WorkflowRef {
  /**
   * Identity of the workflow in the catalog. Cooldown, backoff and blocks on a target are counted by workflowId, so the same workflow must always carry the same one.
   */
  readonly workflowId: string;
  /**
   * Version of the workflow in the catalog. Recorded; what runs is decided by the bundle.
   */
  readonly version: string;
  /**
   * OCI reference of the Tekton bundle that contains the Pipeline named "workflow": name:tag, name@sha256:<64 hex> or name:tag@sha256:<64 hex>. A tag or a digest is required; with a digest it is certain what runs. Set either this or executionBundle.
   */
  readonly containerImage?: string;
  /**
   * Digest of containerImage, sha256: and 64 hexadecimal digits. Where it is given, exactly this bundle runs, whatever the tag points to. It must agree with a digest inside containerImage.
   */
  readonly containerDigest?: string;
  /**
   * The same as containerImage, under the name that newer orchestrators write. Set either this or containerImage.
   */
  readonly executionBundle?: string;
  /**
   * The same as containerDigest, for executionBundle.
   */
  readonly executionBundleDigest?: string;
  /**
   * Engine that has to run the workflow. Absent or "tekton"; with anything else the execution ends as Failed with reason UnsupportedEngine before anything runs.
   */
  readonly executionEngine?: string;
  /**
   * The same as executionConfig.serviceAccountName, in the place where newer orchestrators write it. If both are set they must be equal.
   */
  readonly serviceAccountName?: string;
  /**
   * Human-readable name of the workflow. Recorded only.
   */
  readonly workflowName?: string;
  /**
   * Kind of action that the workflow takes, in the catalog's words, for example RestartPod. Recorded only.
   */
  readonly actionType?: string;
  /**
   * Names of the parameters that the workflow declares, each with the value true. Parameters that are not among them are not passed to the run. Absent (or null): all are passed. Empty ({}): none is passed. TARGET_RESOURCE is always passed.
   */
  readonly declaredParameterNames?: {
    /**
     * True where the workflow declares a parameter of this name; false is the same as leaving it out.
     */
    readonly [k: string]: boolean;
  };
  readonly dependencies?: WorkflowDependencies;
  readonly resources?: WorkflowResources;
  /**
   * Settings for an engine, in any form. Recorded only; Tekton needs none.
   */
  readonly engineConfig?: unknown;
}
/**
 * Secrets and ConfigMaps of the execution namespace that the workflow needs. The run gets each one as a workspace.
 */
export interface WorkflowDependencies {
  /**
   * Secrets of the execution namespace, each offered to the run as the workspace secret-<name>. At most 16.
   */
  readonly secrets?: readonly WorkflowDependency[];
  /**
   * ConfigMaps of the execution namespace, each offered to the run as the workspace configmap-<name>. At most 16.
   */
  readonly configMaps?: readonly WorkflowDependency[];
}
/**
 * One object of the execution namespace that the workflow needs.
 */
export interface WorkflowDependency {
  /**
   * Name of the object in the execution namespace.
   */
  readonly name: string;
}
/**
 * Compute resources of the workflow as the orchestrator wrote them, in the form of a container's resources. Recorded only: a Tekton bundle sets the resources of its steps itself.
 */
export interface WorkflowResources {
  /**
   * Highest amounts, by resource name, for example memory 128Mi.
   */
  readonly limits?: {
    /**
     * A quantity as Kubernetes writes them, for example 500m, 128Mi or 2.
     */
    readonly [k: string]: number | string;
  };
  /**
   * Amounts that are reserved, by resource name.
   */
  readonly requests?: {
    /**
     * A quantity as Kubernetes writes them, for example 500m, 128Mi or 2.
     */
    readonly [k: string]: number | string;
  };
  /**
   * Names of resource claims. At most 16.
   */
  readonly claims?: readonly WorkflowResourceClaim[];
}
/**
 * One resource claim.
 */
export interface WorkflowResourceClaim {
  /**
   * Name of the claim.
   */
  readonly name: string;
  /**
   * Name of one request of the claim; absent means the whole claim.
   */
  readonly request?: string;
}
/**
 * Limits of the run and the identity that it runs under.
 */
export interface ExecutionConfig {
  /**
   * Longest time that the whole run may take, finally tasks included, as a Go duration such as 30m or 1h30m; more than 0, at most 24h. Counted from the run's start. Default from the controller's configuration (30m). A run that takes longer is stopped and ends as Failed with reason DeadlineExceeded.
   */
  readonly timeout?: string;
  /**
   * The part of timeout that is kept for the workflow's finally tasks, where a rollback lives; a Go duration, shorter than timeout. Without such a part, a run that timed out would never reach them. Default: a quarter of timeout, at most 5m.
   */
  readonly finallyTimeout?: string;
  /**
   * Longest time from creation to the start of the run, a Go duration, at most 24h; default from the controller's configuration (5m). Later the execution ends as Failed with reason DeadlineExceeded and nothing runs: a remediation that old would act on an old diagnosis.
   */
  readonly maxDelay?: string;
  /**
   * ServiceAccount of the execution namespace under which the run's pods act. Default from the controller's configuration (kubernaut-workflow-runner).
   */
  readonly serviceAccountName?: string;
}
/**
 * Who asks for it, for the record. Where it is given it must be the user who sets it, as the API server has authenticated them (kubectl auth whoami). Without it nobody is named.
 */
export interface Requester {
  /**
   * The user's name.
   */
  readonly username: string;
  /**
   * The user's UID, where the API server knows one.
   */
  readonly uid?: string;
  /**
   * Groups of the user, all or some of them. At most 32.
   *
   * Items: Name of one group.
   */
  readonly groups?: readonly string[];
}
/**
 * Stops the execution. Set it at any time after creation: before the start nothing runs any more, after the end it changes nothing. The execution ends as Failed with outcome Cancelled, unless its run was done by then, or a task of it failed; the target stays locked until its last pod has stopped. It can't be taken back, only become stronger: StopRunFinally, CancelRunFinally, Cancel. Needs the verb cancel on the object.
 */
export interface CancelRequest {
  readonly mode: CancelRequestMode;
  /**
   * Why, in words, for the message and the record; at most 1024 characters.
   */
  readonly reason?: string;
  readonly requestedBy?: Requester;
}
/**
 * What became of the request. Written by the controller only, and there from the first moment with phase Pending.
 */
export interface WorkflowExecutionStatus {
  readonly phase: Phase;
  /**
   * The metadata.generation that the status is about.
   */
  readonly observedGeneration?: number;
  /**
   * When the run started, by Tekton; where no run started, when the controller decided.
   */
  readonly startTime?: string;
  /**
   * When the run ended, by Tekton; where no run started, when the controller decided. Set exactly in the final phases.
   */
  readonly completionTime?: string;
  /**
   * Time from startTime to completionTime as a Go duration, for example 1m35s.
   */
  readonly duration?: string;
  /**
   * One word (CamelCase) for why it is in this state, waiting, running or ended: for example ResourceBusy, OOMKilled or Cancelled. New ones may be added; an unknown one means: don't retry, ask a person.
   */
  readonly reason?: string;
  /**
   * One sentence for people about the present state.
   */
  readonly message?: string;
  readonly executionRef?: ExecutionRef;
  readonly pipelineRunRef?: PipelineRunRef;
  readonly executionStatus?: ExecutionStatus;
  readonly pipelineRunStatus?: ExecutionStatus;
  readonly outcome?: Outcome;
  /**
   * Deprecated copy of failureDetails.message in one line, for readers of v4.1.
   */
  readonly failureReason?: string;
  readonly failureDetails?: FailureDetails;
  readonly skipDetails?: SkipDetails;
  /**
   * How often in a row the workflow failed on this target before it ran, as counted when this execution was decided.
   */
  readonly consecutiveFailures?: number;
  /**
   * End of the backoff after such failures, as it stood when this execution was decided. Earlier attempts are skipped.
   */
  readonly nextAllowedExecution?: string;
  readonly retry?: Retry;
  readonly blockClearance?: BlockClearance;
  /**
   * The TargetLocks under which the run was started, one today.
   */
  readonly locks?: readonly LockRef[];
  readonly bundle?: ExecutedBundle;
  readonly audit?: AuditState;
  /**
   * Conditions in the standard form: Finished, Succeeded, Ready, Reconciling, Stalled, ResourceLocked, TektonPipelineCreated, TektonPipelineRunning, TektonPipelineComplete, AuditRecorded, Stuck (the run makes no progress; message says why), StepsRepeated (a pod was made again, its step ran twice). Wait for the end with kubectl wait --for=condition=Finished.
   */
  readonly conditions?: readonly Condition[];
}
/**
 * The PipelineRun of this execution. Set once, before the run is started, and never changed.
 */
export interface ExecutionRef {
  /**
   * Namespace of the PipelineRun, the controller's execution namespace.
   */
  readonly namespace: string;
  /**
   * Name of the PipelineRun.
   */
  readonly name: string;
  /**
   * UID of the PipelineRun. An object of the same name with another UID is not the run of this execution.
   */
  readonly uid: string;
}
/**
 * The name in executionRef once more, for readers of v4.1. New readers use executionRef.
 */
export interface PipelineRunRef {
  /**
   * Name of the PipelineRun in the execution namespace.
   */
  readonly name: string;
}
/**
 * What Tekton says about the run, and how far it is. It follows Tekton at once, while phase waits for the run's last pod.
 */
export interface ExecutionStatus {
  /**
   * Status of the run's condition Succeeded. Unknown while it runs, True or False when it is done.
   */
  readonly status?: string;
  /**
   * Reason of the run's condition Succeeded, as Tekton wrote it.
   */
  readonly reason?: string;
  /**
   * Message of the run's condition Succeeded, as Tekton wrote it, secrets removed.
   */
  readonly message?: string;
  /**
   * Number of tasks that are done, whatever their result.
   */
  readonly completedTasks?: number;
  /**
   * Number of tasks of the workflow. Finally tasks are counted from the moment they start.
   */
  readonly totalTasks?: number;
  /**
   * completedTasks and totalTasks in one string, for example 2/5.
   */
  readonly progress?: string;
  /**
   * Name of the task that runs now, the earliest where several do. Absent where none does.
   */
  readonly currentTask?: string;
  /**
   * completedTasks in percent of totalTasks, rounded down, 0 to 100.
   */
  readonly progressPercent?: number;
}
/**
 * What went wrong, where and with what evidence. Only where phase is Failed.
 */
export interface FailureDetails {
  /**
   * Category of the root cause. Today: Cancelled, OOMKilled, DeadlineExceeded, ImagePullBackOff, ResourceExhausted, Forbidden, ConfigurationError, UnsupportedEngine, UnsupportedCluster, UnsupportedFeature, Interrupted, ExternallyDeleted, TaskFailed, Unknown. More may be added; treat one that you don't know like Unknown.
   */
  readonly reason: string;
  /**
   * The root cause in its own words, secrets removed, cut at 4 KiB.
   */
  readonly message: string;
  /**
   * Name of the pipeline task that failed first and not as a consequence of another. Absent where no task is to blame.
   */
  readonly failedTaskName?: string;
  /**
   * Position of the failed task in the order of the pipeline, from 0; -1 where no task is to blame.
   */
  readonly failedTaskIndex: number;
  /**
   * Name of the step that failed in that task. Absent where no step is to blame.
   */
  readonly failedStepName?: string;
  /**
   * Exit code of the failed step. Absent where no step ended by itself. Killed by a signal it is usually 255.
   */
  readonly exitCode?: number;
  /**
   * When it failed.
   */
  readonly failedAt: string;
  /**
   * Time from the run's start to the failure as a Go duration; 0s where nothing ran.
   */
  readonly executionTimeBeforeFailure: string;
  /**
   * True if any step of the workflow started, so the target may have been changed; the workflow is then blocked on this target until someone clears the block. False if it failed before anything ran, which may be tried again.
   */
  readonly wasExecutionFailure: boolean;
  /**
   * Two to five sentences for a person or a language model on what was run, what failed, what was done before and what to do next.
   */
  readonly naturalLanguageSummary: string;
  /**
   * The raw facts on which reason rests, the most important first. At most 10.
   */
  readonly evidence?: readonly FailureEvidence[];
  /**
   * How sure reason is. certain rests on fields of objects, likely on the text of a message, unknown on neither.
   */
  readonly confidence: "certain" | "likely" | "unknown";
  readonly retryAdvice?: RetryAdvice;
  /**
   * The attempts at the failed task, oldest first, where there were several: Tekton's retries, and pods that were deleted and made again. At most 32, the oldest are dropped.
   */
  readonly attempts?: readonly FailedAttempt[];
  /**
   * Last lines that the failed step wrote, secrets removed, cut at 4 KiB. Absent where the pod was gone too soon.
   */
  readonly logTail?: string;
}
/**
 * One fact.
 */
export interface FailureEvidence {
  /**
   * Kind of object that the fact was read from.
   */
  readonly source: "PipelineRun" | "TaskRun" | "Pod" | "Event" | "ResolutionRequest" | "Log";
  /**
   * Name of that object.
   */
  readonly name: string;
  /**
   * What it said, secrets removed.
   */
  readonly fact: string;
}
/**
 * Whether another attempt can help.
 */
export interface RetryAdvice {
  /**
   * True if a new execution may succeed without a change of the workflow or its parameters.
   */
  readonly retryable: boolean;
  /**
   * How long to wait before it, as a Go duration.
   */
  readonly after?: string;
  /**
   * What has to change before it, in words.
   */
  readonly condition?: string;
}
/**
 * One attempt.
 */
export interface FailedAttempt {
  /**
   * Why the attempt failed, a category as in failureDetails.reason.
   */
  readonly reason: string;
  /**
   * What was said about it, secrets removed.
   */
  readonly message?: string;
  /**
   * Exit code of the failed step, where one ended by itself.
   */
  readonly exitCode?: number;
  /**
   * Name of the attempt's pod.
   */
  readonly podName?: string;
  /**
   * UID of the attempt's pod.
   */
  readonly podUID?: string;
  /**
   * When the attempt started.
   */
  readonly startTime?: string;
  /**
   * When the attempt ended.
   */
  readonly completionTime?: string;
}
/**
 * Why nothing was started. Only where phase is Skipped.
 */
export interface SkipDetails {
  /**
   * ResourceBusy (another execution holds the target), RecentlyRemediated (the same workflow ran on the target within the cooldown, or is in its backoff), ExhaustedRetries (it failed too often before it ran) or PreviousExecutionFailed (it ran and failed, someone has to clear that). More may be added; treat one that you don't know as: don't retry, ask a person.
   */
  readonly reason: string;
  /**
   * The same in a sentence, with names and times.
   */
  readonly message: string;
  /**
   * When it was decided.
   */
  readonly skippedAt: string;
  readonly conflictingWorkflow?: ConflictingWorkflow;
  readonly recentRemediation?: RecentRemediation;
}
/**
 * The execution that held the target. Only with reason ResourceBusy.
 */
export interface ConflictingWorkflow {
  /**
   * Name of that execution.
   */
  readonly name: string;
  /**
   * Namespace of that execution.
   */
  readonly namespace: string;
  /**
   * UID of that execution.
   */
  readonly uid: string;
  /**
   * Workflow that it runs.
   */
  readonly workflowId: string;
  /**
   * Since when it holds the target.
   */
  readonly startedAt?: string;
  /**
   * The target in canonical form, on which both agree.
   */
  readonly targetResource: string;
}
/**
 * The earlier execution of the same workflow on the same target that stands against this one. Not with reason ResourceBusy.
 */
export interface RecentRemediation {
  /**
   * Name of that execution. It may be deleted by now.
   */
  readonly name?: string;
  /**
   * Namespace of that execution.
   */
  readonly namespace?: string;
  /**
   * UID of that execution.
   */
  readonly uid?: string;
  /**
   * Workflow that it ran.
   */
  readonly workflowId: string;
  /**
   * When it ended.
   */
  readonly completedAt?: string;
  /**
   * How it ended, as in status.outcome, or Unknown where the execution was deleted before its end was seen.
   */
  readonly outcome?: string;
  /**
   * The target in canonical form.
   */
  readonly targetResource: string;
  /**
   * Time left when this was written, as a Go duration. It is old by the time you read it, use cooldownEndsAt.
   */
  readonly cooldownRemaining?: string;
  /**
   * When the workflow may run on the target again. Absent where only a person can allow that.
   */
  readonly cooldownEndsAt?: string;
}
/**
 * Whether and when the same may be tried again. Where phase is Skipped or Failed. A retry is a new object with a new name.
 */
export interface Retry {
  /**
   * Now, After (the time that stands in after), WhenReleased (the target is no longer held), WhenCleared (someone has cleared the block) or Never (the same request would end alike: change it, or ask a person).
   */
  readonly disposition: "Now" | "After" | "WhenReleased" | "WhenCleared" | "Never";
  /**
   * Earliest time of a new attempt. Only with disposition After.
   */
  readonly after?: string;
}
/**
 * Who lifted the block that this execution's failure had put on its workflow and target. Set once, by the annotation kubernaut.ai/clear-execution-block on this object.
 */
export interface BlockClearance {
  /**
   * When it was lifted, by the API server's clock.
   */
  readonly clearedAt: string;
  /**
   * The user who asked for it, as the API server has authenticated them.
   */
  readonly clearedBy: string;
  /**
   * Why, in their words.
   */
  readonly clearReason: string;
  /**
   * How it was asked for. ExecutionAnnotation today; more may be added.
   */
  readonly clearMethod: string;
}
/**
 * One TargetLock, as it was when it was taken.
 */
export interface LockRef {
  /**
   * Name of the TargetLock.
   */
  readonly name: string;
  /**
   * UID of the TargetLock.
   */
  readonly uid: string;
  /**
   * The lock's epoch, which grows each time it is taken. UID and epoch together are the fencing number of the run.
   */
  readonly epoch: number;
}
/**
 * The bundle that was run.
 */
export interface ExecutedBundle {
  /**
   * The reference that was asked for, as given to Tekton.
   */
  readonly image: string;
  /**
   * The digest that Tekton really resolved, sha256:<64 hex>. Before the run has resolved it, the digest that was asked for, if any.
   */
  readonly digest?: string;
}
/**
 * What is still to be written to the audit trail, and the receipt of what was written. Each change of state appends its events here in the same write, so that none can be lost.
 */
export interface AuditState {
  /**
   * Events that PostgreSQL has not yet committed, oldest first. At most 8.
   */
  readonly pending?: readonly AuditEntry[];
  /**
   * The newest events that PostgreSQL has committed, oldest first, each as JSON. They are kept to be sent again where it loses them, as a failover to a standby or the restore of an older copy can. At most 8.
   *
   * Items: One event as it was in pending, in one line so that it doesn't get into the way of who reads the rest.
   */
  readonly recorded?: readonly string[];
  readonly acked?: AuditAck;
  /**
   * Sequence number of that event's row in the audit trail.
   */
  readonly seq?: number;
  /**
   * Hash of that row, with which a later change of the trail can be proven.
   */
  readonly hash?: string;
}
/**
 * One event that is still to be recorded.
 */
export interface AuditEntry {
  /**
   * Number of the event among those of this execution, from 1 without gaps.
   */
  readonly ordinal: number;
  /**
   * What happened, for example workflowexecution.workflow.started.
   */
  readonly type: string;
  /**
   * When it happened, by the API server's clock.
   */
  readonly at: string;
  readonly outcome: AuditOutcome;
  /**
   * One word (CamelCase) for why it happened.
   */
  readonly reason?: string;
  /**
   * What else belongs to the event, by name, for example the lock's epoch. At most 32.
   */
  readonly facts?: {
    /**
     * One fact as a string, secrets removed.
     */
    readonly [k: string]: string;
  };
}
/**
 * The newest event that PostgreSQL has committed. It and all before it are on record.
 */
export interface AuditAck {
  /**
   * The event's ordinal.
   */
  readonly ordinal: number;
  /**
   * When the commit was seen, by the API server's clock.
   */
  readonly at: string;
}
