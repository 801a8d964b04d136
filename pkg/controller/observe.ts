import type { KindCatalog } from "../api/kinds.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { isPendingRun } from "../tekton/run-state.ts";
import { targetHash } from "../lock/lock-name.ts";
import { targetPlace } from "../lock/target-text.ts";
import { isUnstarted } from "../execution/conditions.ts";
import { lockNameOf } from "../execution/resolve-target.ts";
import type { ExecutionSnapshot, LockSnapshot, Seen, SeenObjects, Snapshot } from "../execution/snapshot.ts";
import { isWaitingReason } from "../execution/waiting.ts";
import type { Clock } from "../runtime/clock.ts";
import type { KnownKinds } from "./known-kinds.ts";
import type { Key } from "./keys.ts";
import type { LiveMemory } from "./live-evidence.ts";
import { newerRuns } from "./newer-runs.ts";
import type { AuditReceipts } from "./ports.ts";
import type { Stores } from "./stores.ts";

/** Where snapshots are taken from. */
export interface Sources {
  readonly stores: Stores;
  readonly kinds: KnownKinds;
  readonly receipts: AuditReceipts;
  readonly evidence: Pick<LiveMemory, "of">;
  readonly clock: Clock;
  /** When this process last wrote an execution's status (ms), by uid. */
  readonly statusWrites: ReadonlyMap<string, number>;
}

/** Everything that is known about a key, without asking the API server. */
export function observe(key: Key, sources: Sources): Snapshot {
  return key.kind === "lock" ? observeLock(key.name, sources) : observeExecution(key, sources);
}

function observeExecution(key: Extract<Key, { kind: "execution" }>, sources: Sources): ExecutionSnapshot {
  const { namespace, name } = key;
  const now = sources.clock.now();
  const execution = sources.stores.executions.get(`${namespace}/${name}`);
  const kinds = sources.kinds.seen(now);
  const lockName = execution === undefined ? undefined : lockNameOf(execution, kinds.value);
  const uid = execution?.metadata.uid ?? "";
  const receipt = sources.receipts.receipt(uid);
  const statusWrittenAt = sources.statusWrites.get(uid);
  return {
    kind: "execution",
    now,
    surprises: 0,
    ref: { namespace, name },
    lockName,
    waiting: execution === undefined ? [] : waitingBeside(execution, lockName, { kinds: kinds.value, sources }),
    newerRuns: execution === undefined ? 0 : newerRuns(execution, sources.stores),
    live: sources.evidence.of(uid),
    auditBacklog: sources.receipts.backlog(),
    execution: cached(execution),
    kinds,
    lock: cached(lockName === undefined ? undefined : sources.stores.locks.get(lockName)),
    ...childrenOf(uid, sources.stores),
    ...(receipt === undefined ? {} : { receipt }),
    ...(statusWrittenAt === undefined ? {} : { statusWrittenAt }),
  };
}

/** Other executions that wait for the same lock. */
function waitingBeside(
  execution: WorkflowExecution,
  lockName: string | undefined,
  { kinds, sources }: { readonly kinds: KindCatalog; readonly sources: Sources },
): readonly WorkflowExecution[] {
  if (lockName === undefined || !isUnstarted(execution)) return [];
  const near = sources.stores.executions.byIndex("unstarted", targetPlace(execution.spec.targetResource));
  return near.filter(
    (other) =>
      other.metadata.uid !== execution.metadata.uid &&
      isWaitingReason(other.status?.reason) &&
      lockNameOf(other, kinds) === lockName,
  );
}

function observeLock(name: string, { stores, clock, receipts }: Sources): LockSnapshot {
  const lock = stores.locks.get(name);
  const receipt = receipts.receipt(lock?.metadata.uid ?? "");
  const holder = lock?.spec.holder;
  const execution = holder === undefined ? undefined : stores.executions.get(`${holder.namespace}/${holder.name}`);
  return {
    kind: "lock",
    now: clock.now(),
    surprises: 0,
    lockName: name,
    ...(receipt === undefined ? {} : { receipt }),
    execution: cached(execution),
    kinds: { value: { kinds: [], complete: false }, freshness: "cached" },
    lock: cached(lock),
    ...childrenOf(holder?.uid ?? "", stores),
    pendingRuns: stores.runs.byIndex("target", targetHash(name)).filter(isPendingRun),
  };
}

function childrenOf(uid: string, stores: Stores): Pick<SeenObjects, "runs" | "taskRuns" | "customRuns" | "pods"> {
  return {
    runs: cached(stores.runs.byIndex("execution", uid)),
    taskRuns: cached(stores.taskRuns.byIndex("execution", uid)),
    customRuns: cached(stores.customRuns.byIndex("execution", uid)),
    pods: cached(stores.pods.byIndex("execution", uid)),
  };
}

function cached<T>(value: T): Seen<T> {
  return { value, freshness: "cached" };
}
