import type { Pod } from "../api/core.ts";
import type { KindCatalog } from "../api/kinds.ts";
import type { ObjectRef } from "../api/meta.ts";
import type { CustomRun, PipelineRun, TaskRun } from "../api/tekton.ts";
import type { TargetLock } from "../api/target-lock.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import type { LiveEvidence } from "../tekton/run-evidence.ts";
import type { LookObject } from "./step.ts";

/** How an object was read. A decision that can't be taken back needs `fresh`; `doubtful` forces a look before anything. */
export type Freshness = "cached" | "fresh" | "doubtful";

export interface Seen<T> {
  readonly value: T;
  readonly freshness: Freshness;
}

/** What the audit side has committed of an outbox, not yet folded into it. */
export interface AuditReceipt {
  readonly ordinal: number;
  readonly at: string;
  readonly seq: number;
  readonly hash: string;
}

/** How far the audit side is behind: what it has still to commit, of all executions and locks. */
export interface AuditBacklog {
  readonly events: number;
  /** How long the oldest of them has waited (ms), 0 without any. */
  readonly ageMs: number;
}

/** A creation of the run that will never be accepted. */
export interface Rejection {
  readonly reason: "ConfigurationError" | "Forbidden";
  readonly message: string;
}

/** Why we can't go on at the moment; it is shown in the status while it lasts. */
export interface Trouble {
  readonly reason: string;
  readonly message: string;
}

/** The objects around one execution or one lock. Lists are those that carry the execution's uid as a label. */
export interface SeenObjects {
  readonly execution: Seen<WorkflowExecution | undefined>;
  readonly kinds: Seen<KindCatalog>;
  readonly lock: Seen<TargetLock | undefined>;
  readonly runs: Seen<readonly PipelineRun[]>;
  readonly taskRuns: Seen<readonly TaskRun[]>;
  readonly customRuns: Seen<readonly CustomRun[]>;
  readonly pods: Seen<readonly Pod[]>;
}

interface SnapshotBase extends SeenObjects {
  /** The API server's time (ms). */
  readonly now: number;
  /** How often the world had moved under our feet since this snapshot was taken. */
  readonly surprises: number;
  /** What the audit side has committed of the outbox of this execution or lock. */
  readonly receipt?: AuditReceipt;
}

/** Everything that decides the next step of one execution. */
export interface ExecutionSnapshot extends SnapshotBase {
  readonly kind: "execution";
  readonly ref: ObjectRef;
  /** Under which name `lock` was read: undefined while the target could not be resolved. */
  readonly lockName: string | undefined;
  /** Other executions that aren't started yet and want the same target, as last seen. */
  readonly waiting: readonly WorkflowExecution[];
  /** How many finished executions whose runs are still there ended after this one. */
  readonly newerRuns: number;
  /** What was seen of its run and can't be read any more. */
  readonly live: LiveEvidence;
  /** As it was when this was observed: a limit that is exceeded later is noticed by the next one who looks. */
  readonly auditBacklog: AuditBacklog;
  /** When this process last wrote the status (ms): progress alone is written at most once a second. */
  readonly statusWrittenAt?: number;
  readonly rejection?: Rejection;
  readonly trouble?: Trouble;
  /** The creation of the run was answered with 403; whether we may create runs at all isn't known yet. */
  readonly forbidden?: string;
  /** Uid of a run that this attempt has deleted while it was Pending: nobody has started it, nobody can any more. */
  readonly neverStarted?: string;
}

/** Everything that decides the next step of one target lock. `execution` and the lists are those of its holder. */
export interface LockSnapshot extends SnapshotBase {
  readonly kind: "lock";
  readonly lockName: string;
  /** Pending runs on this target, whoever owns them, as last seen. */
  readonly pendingRuns: readonly PipelineRun[];
}

export type Snapshot = ExecutionSnapshot | LockSnapshot;

/** The first of these objects that was not read for this decision. */
export function firstNotFresh(s: Snapshot, objects: readonly LookObject[]): LookObject | undefined {
  return objects.find((object) => s[object].freshness !== "fresh");
}
