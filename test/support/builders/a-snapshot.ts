import type { Pod } from "../../../pkg/api/core.ts";
import type { KindCatalog } from "../../../pkg/api/kinds.ts";
import type { CustomRun, PipelineRun, TaskRun } from "../../../pkg/api/tekton.ts";
import type { TargetLock } from "../../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { caseOf } from "../../../pkg/execution/case-of.ts";
import type { Policy } from "../../../pkg/execution/policy.ts";
import type { Case } from "../../../pkg/execution/rule.ts";
import type {
  AuditBacklog,
  AuditReceipt,
  ExecutionSnapshot,
  Freshness,
  LockSnapshot,
  SeenObjects,
} from "../../../pkg/execution/snapshot.ts";
import type { LookObject } from "../../../pkg/execution/step.ts";
import { NO_LIVE_EVIDENCE } from "../../../pkg/tekton/run-evidence.ts";
import { aKindCatalog } from "./a-kind-catalog.ts";
import { aTargetLock } from "./a-target-lock.ts";
import { aWorkflowExecution } from "./a-workflow-execution.ts";
import { after } from "./moments.ts";

const MINUTE_MS = 60_000;

/** Every event is committed. */
export const NO_AUDIT_BACKLOG: AuditBacklog = { events: 0, ageMs: 0 };

/** The configuration of the tests. */
export function aPolicy(wishes: Partial<Policy> = {}): Policy {
  return {
    clusterId: "",
    shownParameters: ["TARGET_RESOURCE_NAME", "TARGET_RESOURCE_KIND", "TARGET_RESOURCE_NAMESPACE"],
    executionNamespace: "kubernaut-workflows",
    serviceAccountName: "kubernaut-workflow-runner",
    defaultTimeoutMs: 30 * MINUTE_MS,
    defaultMaxDelayMs: 5 * MINUTE_MS,
    cooldownMs: 5 * MINUTE_MS,
    backoffBaseMs: MINUTE_MS,
    backoffMaxMs: 10 * MINUTE_MS,
    maxConsecutiveFailures: 5,
    externalDeletionSettleMs: MINUTE_MS,
    auditSettleMs: MINUTE_MS,
    auditMode: "relaxed",
    auditBacklogMaxEvents: 10_000,
    auditBacklogMaxAgeMs: 15 * MINUTE_MS,
    stuckAfterMs: 3 * MINUTE_MS,
    keepRunsMs: 24 * 60 * MINUTE_MS,
    keepRuns: 500,
    ...wishes,
  };
}

interface ObjectWishes {
  readonly kinds?: KindCatalog;
  readonly lock?: TargetLock;
  readonly runs?: readonly PipelineRun[];
  readonly taskRuns?: readonly TaskRun[];
  readonly customRuns?: readonly CustomRun[];
  readonly pods?: readonly Pod[];
  /** Objects that were read for this decision; all, or these. The others are cached. */
  readonly fresh?: "all" | readonly LookObject[];
  readonly doubtful?: readonly LookObject[];
}

export interface SnapshotWishes extends ObjectWishes {
  readonly execution?: WorkflowExecution;
  /** Milliseconds; 10 seconds after the execution's creation where nothing else is said. */
  readonly now?: number;
  readonly more?: Partial<Omit<ExecutionSnapshot, keyof SeenObjects | "kind" | "now">>;
}

/** What is known of an execution. */
export function aSnapshot(wishes: SnapshotWishes = {}): ExecutionSnapshot {
  const { execution = aWorkflowExecution(), now = after(10), more } = wishes;
  const { namespace = "", name } = execution.metadata;
  return {
    kind: "execution",
    now,
    surprises: 0,
    waiting: [],
    newerRuns: 0,
    live: NO_LIVE_EVIDENCE,
    auditBacklog: NO_AUDIT_BACKLOG,
    ref: { namespace, name },
    lockName: aTargetLock().metadata.name,
    ...objectsOf(execution, wishes),
    ...more,
  };
}

export interface LockSnapshotWishes extends ObjectWishes {
  readonly execution?: WorkflowExecution;
  readonly now?: number;
  readonly pendingRuns?: readonly PipelineRun[];
  readonly receipt?: AuditReceipt;
}

/** What is known of a lock; without an execution its holder is gone. */
export function aLockSnapshot(wishes: LockSnapshotWishes = {}): LockSnapshot {
  const { execution, now = after(10), pendingRuns = [], receipt } = wishes;
  return {
    kind: "lock",
    now,
    surprises: 0,
    lockName: aTargetLock().metadata.name,
    pendingRuns,
    ...(receipt === undefined ? {} : { receipt }),
    ...objectsOf(execution, wishes),
  };
}

/** A rule's case: the snapshot's execution under that policy. */
export function aCase(wishes: SnapshotWishes = {}, policy: Partial<Policy> = {}): Case {
  const s = aSnapshot(wishes);
  return caseOf(s, s.execution.value ?? aWorkflowExecution(), aPolicy(policy));
}

function objectsOf(execution: WorkflowExecution | undefined, wishes: ObjectWishes): SeenObjects {
  const { kinds = aKindCatalog(), lock, runs = [], taskRuns = [], customRuns = [], pods = [] } = wishes;
  return {
    execution: { value: execution, freshness: freshnessOf("execution", wishes) },
    kinds: { value: kinds, freshness: freshnessOf("kinds", wishes) },
    lock: { value: lock, freshness: freshnessOf("lock", wishes) },
    runs: { value: runs, freshness: freshnessOf("runs", wishes) },
    taskRuns: { value: taskRuns, freshness: freshnessOf("taskRuns", wishes) },
    customRuns: { value: customRuns, freshness: freshnessOf("customRuns", wishes) },
    pods: { value: pods, freshness: freshnessOf("pods", wishes) },
  };
}

function freshnessOf(object: LookObject, { fresh = [], doubtful = [] }: ObjectWishes): Freshness {
  if (doubtful.includes(object)) return "doubtful";
  return fresh === "all" || fresh.includes(object) ? "fresh" : "cached";
}
