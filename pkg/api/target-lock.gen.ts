// Generated from config/crd/kubernaut.ai_targetlocks.yaml by "make generate". Do not edit.

/**
 * Free where nobody holds the lock, also while a cooldown runs; Held where an execution has taken it; Bound where its run is known too, which may then be started.
 */
export type LockState = "Free" | "Held" | "Bound";
/**
 * How it ended, as in the execution's status.outcome, or as its run tells where it was removed by force; Unknown where that is gone, too.
 */
export type HistoryOutcome = "Success" | "Failed" | "Cancelled" | "Unknown";
/**
 * Whether it went well. pending for an act that is only begun, unknown where nobody knows.
 */
export type LockAuditOutcome = "success" | "failure" | "pending" | "unknown";

/**
 * A TargetLock says which execution holds a target object, and remembers what cooldowns, backoffs and blocks are decided from. There is one for each object that was ever remediated, and it outlives the executions. Only the controller writes it: deleting or changing one by hand can let two workflows act on the target at once.
 */
export interface TargetLockFields {
  readonly spec: TargetLockSpec;
}
/**
 * The whole record. There is no status, so that each write is one step of the protocol.
 */
export interface TargetLockSpec {
  /**
   * Version of this record's form, 1 today. A controller that does not know it treats the target as busy and never writes the record.
   */
  readonly formatVersion: number;
  /**
   * The locked object in canonical form, namespace/plural.group/name (core group: plural alone; cluster-scoped: no namespace). It is compared at each use, so that two objects whose lock names collide are noticed.
   */
  readonly targetResource: string;
  readonly state: LockState;
  /**
   * Grows by 1 each time the lock is taken. With the lock's UID it is the fencing number of a run.
   */
  readonly epoch: number;
  readonly holder?: LockHolder;
  readonly run?: LockedRun;
  /**
   * Set where both the execution and its run were removed by somebody else: when that was noticed. The target stays locked for the settle time from then, because Tekton may still act on an older view.
   */
  readonly runMissingSince?: string;
  readonly summary?: LockSummary;
  /**
   * What is remembered of each workflow that ran or failed on this target. Entries whose times have passed and that hold no failure and no block are dropped at the next write. At most 256, blocked ones are never dropped.
   */
  readonly workflows?: readonly WorkflowHistory[];
  readonly audit?: LockAuditState;
}
/**
 * The execution that holds the lock. Set exactly where state is Held or Bound.
 */
export interface LockHolder {
  /**
   * Namespace of the execution.
   */
  readonly namespace: string;
  /**
   * Name of the execution.
   */
  readonly name: string;
  /**
   * UID of the execution.
   */
  readonly uid: string;
  /**
   * Workflow that the execution asks for.
   */
  readonly workflowId: string;
  /**
   * When it took the lock, by the API server's clock.
   */
  readonly since: string;
}
/**
 * The PipelineRun of the holder, the only one that may be started under this epoch. Set exactly where state is Bound.
 */
export interface LockedRun {
  /**
   * Namespace of the PipelineRun.
   */
  readonly namespace: string;
  /**
   * Name of the PipelineRun.
   */
  readonly name: string;
  /**
   * UID of the PipelineRun.
   */
  readonly uid: string;
}
/**
 * The record in words, for kubectl get. Nothing is decided from it.
 */
export interface LockSummary {
  /**
   * Namespace and name of the execution that holds the lock.
   */
  readonly holder?: string;
  /**
   * When it took the lock.
   */
  readonly since?: string;
  /**
   * Name of its PipelineRun.
   */
  readonly run?: string;
  /**
   * Workflows that are blocked on this target until someone clears them, separated by commas.
   */
  readonly blocked?: string;
}
/**
 * What is remembered of one workflow.
 */
export interface WorkflowHistory {
  /**
   * The workflow.
   */
  readonly workflowId: string;
  readonly bundle?: BundleIdentity;
  readonly lastExecution?: ExecutionIdentity;
  readonly lastOutcome?: HistoryOutcome;
  /**
   * When its end was written, by the API server's clock.
   */
  readonly completedAt?: string;
  /**
   * Until then the workflow is skipped on this target as RecentlyRemediated.
   */
  readonly cooldownEndsAt?: string;
  /**
   * How often in a row the workflow failed here before it ran. A success sets it back to 0.
   */
  readonly consecutiveFailures?: number;
  /**
   * End of the backoff after such failures. Until then the workflow is skipped on this target.
   */
  readonly nextAllowedAt?: string;
  readonly blockedBy?: ExecutionBlock;
}
/**
 * Bundle of its last execution. A block also holds for another workflowId with the same repository and digest.
 */
export interface BundleIdentity {
  /**
   * Registry and repository of the bundle, without tag and digest.
   */
  readonly repository: string;
  /**
   * Digest that was run, sha256:<64 hex>. Absent where it never became known.
   */
  readonly digest?: string;
}
/**
 * The last execution of the workflow on this target that was not skipped. It may be deleted by now.
 */
export interface ExecutionIdentity {
  /**
   * Namespace of the execution.
   */
  readonly namespace: string;
  /**
   * Name of the execution.
   */
  readonly name: string;
  /**
   * UID of the execution.
   */
  readonly uid: string;
}
/**
 * Why the workflow is blocked on this target until someone clears it. Absent where it is not blocked.
 */
export interface ExecutionBlock {
  /**
   * Namespace of the execution whose failure blocks the workflow.
   */
  readonly namespace: string;
  /**
   * Name of that execution.
   */
  readonly name: string;
  /**
   * UID of that execution.
   */
  readonly uid: string;
  /**
   * When the block began.
   */
  readonly since: string;
  /**
   * PreviousExecutionFailed (it ran and failed) or ExhaustedRetries (it failed too often before it ran).
   */
  readonly reason: string;
}
/**
 * Acts on the lock itself (a block was cleared) that are still to be written to the audit trail, and the receipt of what was written. Each act appends its event here in the same write, so that none can be lost.
 */
export interface LockAuditState {
  /**
   * Events that PostgreSQL has not yet committed, oldest first. At most 8.
   */
  readonly pending?: readonly LockAuditEntry[];
  /**
   * The newest events that PostgreSQL has committed, oldest first, each as JSON. They are kept to be sent again where it loses them, as a failover to a standby or the restore of an older copy can. At most 8.
   *
   * Items: One event as it was in pending, in one line so that it doesn't get into the way of who reads the rest.
   */
  readonly recorded?: readonly string[];
  readonly acked?: LockAuditAck;
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
export interface LockAuditEntry {
  /**
   * Number of the event among those of this lock, from 1 without gaps.
   */
  readonly ordinal: number;
  /**
   * What happened, for example workflowexecution.block.cleared.
   */
  readonly type: string;
  /**
   * When it happened, by the API server's clock.
   */
  readonly at: string;
  readonly outcome: LockAuditOutcome;
  /**
   * One word (CamelCase) for why it happened.
   */
  readonly reason?: string;
  /**
   * What else belongs to the event, by name, for example who cleared a block. At most 32.
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
export interface LockAuditAck {
  /**
   * The event's ordinal.
   */
  readonly ordinal: number;
  /**
   * When the commit was seen, by the API server's clock.
   */
  readonly at: string;
}
