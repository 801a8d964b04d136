/**
 * The ingredients of the proof (lock.md section 5.3), each taken out of the product as the simulation sees it: what the
 * product asks of the API server, or what it is shown, is changed on the way. The product itself has no switch.
 */
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { PipelineRun } from "../../pkg/api/tekton.ts";
import type { TargetLock, TargetLockSpec, WorkflowHistory } from "../../pkg/api/target-lock.ts";
import { createStores } from "../../pkg/controller/stores.ts";
import { nextStep } from "../../pkg/execution/next-step.ts";
import type { Policy } from "../../pkg/execution/policy.ts";
import type { ExecutionSnapshot, LockSnapshot, Seen, Snapshot } from "../../pkg/execution/snapshot.ts";
import type { Step } from "../../pkg/execution/step.ts";
import { isDone } from "../../pkg/tekton/run-state.ts";
import { timeAfter } from "../support/builders/moments.ts";
import { requestOf, type ApiRequest } from "./api-request.ts";
import type { Product } from "./bounds.ts";
import { PRODUCT } from "./simulation.ts";

const READ = ["execution", "lock", "runs", "taskRuns", "customRuns", "pods"] as const;

const DAY_S = 86_400;

type Change = (request: ApiRequest) => ApiRequest;

/** Runs are created started, not Pending. */
export const WITHOUT_BORN_PENDING = asking((request) => {
  if (request.verb !== "create" || request.resource !== "runs") return request;
  const run = request.object as PipelineRun;
  const { status: _status, ...spec } = run.spec;
  return { ...request, object: { ...run, spec } as KubernetesObject };
});

/** A run is started as soon as it is there; lock and execution don't know it yet. */
export const WITHOUT_BIND_BEFORE_START: Product = { ...PRODUCT, nextStep: startFirst };

/** Nobody looks whether TaskRuns and pods still act. */
export const WITHOUT_WAITING_FOR_CHILDREN: Product = {
  ...PRODUCT,
  nextStep: (snapshot, policy) => nextStep({ ...snapshot, taskRuns: none(snapshot), pods: none(snapshot) }, policy),
};

/** Runs and locks are deleted in whatever version they are. */
export const WITHOUT_DELETE_PRECONDITIONS = asking((request) => {
  if (request.verb !== "delete") return request;
  const { resourceVersion: _version, ...options } = request.options;
  return { ...request, options };
});

/** The start is a patch without tests. */
export const WITHOUT_TESTS_ON_START = asking((request) => {
  if (request.verb !== "patch" || request.resource !== "runs") return request;
  const isStart = request.operations.some(({ op }) => op === "remove");
  return isStart ? { ...request, operations: request.operations.filter(({ op }) => op === "remove") } : request;
});

/** The lock doesn't remember when a workflow succeeded. */
export const WITHOUT_COOLDOWN_IN_THE_RECORD = remembering(({ cooldownEndsAt: _end, ...entry }) => entry);

/** The lock doesn't remember until when a workflow backs off. */
export const WITHOUT_BACKOFF_IN_THE_RECORD = remembering(({ nextAllowedAt: _end, ...entry }) => entry);

/** The lock doesn't remember what ran and failed. */
export const WITHOUT_BLOCK_IN_THE_RECORD = remembering(({ blockedBy: _block, ...entry }) => entry);

/** That a block was lifted is not written into the lock's outbox. */
export const WITHOUT_CLEARING_IN_THE_OUTBOX = locking(({ audit: _audit, ...spec }) => spec);

/** Who else waits for the target isn't known. */
export const WITHOUT_OTHER_WAITERS: Product = {
  ...PRODUCT,
  nextStep: (s, policy) => nextStep(s.kind === "lock" ? s : { ...s, waiting: [] }, policy),
};

/** What was read once stays fresh, whatever was asked of the API server since. */
export const WITHOUT_FORGETTING: Product = {
  ...PRODUCT,
  absorb(snapshot, step, result) {
    const absorbed = PRODUCT.absorb(snapshot, step, result);
    return absorbed.type === "continue" ? { ...absorbed, snapshot: asFreshAs(snapshot, absorbed.snapshot) } : absorbed;
  },
};

/** A run that is gone is taken for one that was never started. */
export const WITHOUT_PROOF_OF_NO_START: Product = {
  ...PRODUCT,
  nextStep: (s, policy) => nextStep(s.kind === "lock" ? s : withProof(s), policy),
};

/** What a run says of its TaskRuns isn't read, nor is it read again where it says nothing of any. */
export const WITHOUT_CHILD_REFERENCES: Product = {
  ...PRODUCT,
  nextStep: (s, policy) => nextStep({ ...s, runs: { ...s.runs, value: s.runs.value.map(withoutReferences) } }, policy),
};

/** A change of the lock wakes nobody. */
export const WITHOUT_WAKING_BY_THE_LOCK: Product = {
  ...PRODUCT,
  watch: (stores, wake) => PRODUCT.watch({ ...stores, locks: createStores().locks }, wake),
};

/** A run that is gone with its execution is taken for one that has long been gone. */
export const WITHOUT_SETTLE_TIME_OF_THE_LOCK: Product = {
  ...PRODUCT,
  nextStep: (s, policy) => nextStep(s.kind === "lock" ? { ...s, lock: longMissing(s.lock) } : s, policy),
};

/** A run that has ended without its execution is taken for a success. */
export const WITHOUT_THE_WORD_OF_THE_RUN: Product = {
  ...PRODUCT,
  nextStep: (s, policy) => nextStep(s.kind === "lock" && s.execution.value === undefined ? asSucceeded(s) : s, policy),
};

/** A run is started in mode strict as it would be in mode relaxed. */
export const WITHOUT_THE_COMMITTED_INTENT: Product = {
  ...PRODUCT,
  nextStep: (snapshot, policy) => nextStep(snapshot, { ...policy, auditMode: "relaxed" }),
};

/** What the caches show is taken for the truth. */
export const WITHOUT_FRESH_READS: Product = {
  ...PRODUCT,
  nextStep: (snapshot, policy) => nextStep(allFresh(snapshot), policy),
};

function asking(change: Change): Product {
  return {
    ...PRODUCT,
    request(step) {
      const request = requestOf(step);
      return request === undefined ? undefined : change(request);
    },
  };
}

function startFirst(snapshot: Snapshot, policy: Policy): Step {
  const step = nextStep(snapshot, policy);
  const run = step.type === "UpdateLock" ? step.lock.spec.run : undefined;
  const isStarted = snapshot.runs.value.some(
    ({ metadata, spec }) => metadata.uid === run?.uid && spec.status === undefined,
  );
  return run === undefined || isStarted ? step : { type: "StartRun", run };
}

function none(snapshot: Snapshot): Seen<readonly never[]> {
  return { value: [], freshness: snapshot.taskRuns.freshness };
}

function allFresh(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    execution: fresh(snapshot.execution),
    lock: fresh(snapshot.lock),
    runs: fresh(snapshot.runs),
    taskRuns: fresh(snapshot.taskRuns),
    pods: fresh(snapshot.pods),
    customRuns: fresh(snapshot.customRuns),
  };
}

/** What is known to be outdated is looked at all the same: else nothing would ever end. */
function fresh<T>({ value, freshness }: Seen<T>): Seen<T> {
  return { value, freshness: freshness === "doubtful" ? freshness : "fresh" };
}

function locking(change: (spec: TargetLockSpec) => TargetLockSpec): Product {
  return asking((request) => {
    if (request.verb !== "replace" || request.resource !== "locks") return request;
    const lock = request.object as TargetLock;
    return { ...request, object: { ...lock, spec: change(lock.spec) } as KubernetesObject };
  });
}

function remembering(change: (entry: WorkflowHistory) => WorkflowHistory): Product {
  return locking((spec) => ({ ...spec, ...(spec.workflows && { workflows: spec.workflows.map(change) }) }));
}

/** An object that was fresh before and is the same now is fresh still. */
function asFreshAs(before: Snapshot, after: Snapshot): Snapshot {
  const kept = READ.filter((name) => before[name].freshness === "fresh" && after[name].value === before[name].value);
  return kept.reduce((seen, name) => ({ ...seen, [name]: before[name] }), after);
}

function withProof(s: ExecutionSnapshot): ExecutionSnapshot {
  const uid = s.execution.value?.status?.executionRef?.uid;
  const isGone = s.runs.freshness === "fresh" && !s.runs.value.some(({ metadata }) => metadata.uid === uid);
  return uid === undefined || !isGone ? s : { ...s, neverStarted: uid };
}

function longMissing({ value, freshness }: LockSnapshot["lock"]): LockSnapshot["lock"] {
  if (value === undefined) return { value, freshness };
  return { value: { ...value, spec: { ...value.spec, runMissingSince: timeAfter(-DAY_S) } }, freshness };
}

function asSucceeded(s: LockSnapshot): LockSnapshot {
  const conditions = [{ type: "Succeeded", status: "True", reason: "Succeeded", message: "" }] as const;
  const runs = s.runs.value.map((run) => (isDone(run) ? { ...run, status: { ...run.status, conditions } } : run));
  return { ...s, runs: { ...s.runs, value: runs } };
}

function withoutReferences(run: PipelineRun): PipelineRun {
  const childReferences = [{ kind: "CustomRun", name: "approval" }];
  return run.status === undefined ? run : { ...run, status: { ...run.status, childReferences } };
}
