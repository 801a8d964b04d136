/** What a controller sees: its caches through the product's own stores and `observe`, or the API server itself. */
import { KNOWN_CATALOG } from "./catalog.ts";
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { Pod } from "../../pkg/api/core.ts";
import type { PipelineRun, TaskRun } from "../../pkg/api/tekton.ts";
import type { TargetLock } from "../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { parseKey } from "../../pkg/controller/keys.ts";
import { observe } from "../../pkg/controller/observe.ts";
import { keepPipelineRun, keepPod, keepTaskRun } from "../../pkg/controller/projections.ts";
import { createStores, type Stores } from "../../pkg/controller/stores.ts";
import type { StoreFeed } from "../../pkg/runtime/store.ts";
import type { Looked } from "../../pkg/execution/result.ts";
import type { AuditReceipt, Snapshot } from "../../pkg/execution/snapshot.ts";
import type { LookAt, Step } from "../../pkg/execution/step.ts";
import { NO_LIVE_EVIDENCE } from "../../pkg/tekton/run-evidence.ts";
import { NO_AUDIT_BACKLOG } from "../support/builders/a-snapshot.ts";
import { timeAfter } from "../support/builders/moments.ts";
import { LOCK_SLOT, range, read, type OwnSlot, type State } from "./layout.ts";
import { lockUid } from "./subjects.ts";
import type { World } from "./world.ts";

type LookStep = Extract<Step, { readonly type: "Look" }>;

/** The snapshot of a key, taken from a controller's caches. */
export function seenBy(world: World, state: State, controllerAt: number, key: string): Snapshot {
  const stores = createStores();
  const numbers = range(world.layout.slots).map((slot) => world.layout.cached(state, controllerAt, slot));
  fill(world, stores, numbers);
  const now = world.now(state);
  return observe(parseKey(key), {
    stores,
    kinds: { seen: () => ({ value: KNOWN_CATALOG, freshness: "cached" }), learn: () => undefined },
    // Nothing but words depends on it.
    evidence: { of: () => NO_LIVE_EVIDENCE },
    receipts: { receipt: (uid) => receiptOf(world, state, uid), backlog: () => NO_AUDIT_BACKLOG },
    clock: { now: () => now },
    statusWrites: new Map(),
  });
}

/** What the API server answers to a Look. */
export function lookedUp(world: World, state: State, { object, at }: LookStep): Looked {
  switch (object) {
    case "lock":
      return {
        object,
        name: at.by === "name" ? at.name : "",
        value: world.table.get(read(state, LOCK_SLOT)) as TargetLock | undefined,
      };
    case "execution":
      return { object, value: executionNamed(world, state, at) };
    case "kinds":
      return { object, value: KNOWN_CATALOG };
    case "runs":
      return {
        object,
        value: labelled(world, state, at, "run").map((object) => keepPipelineRun(object as PipelineRun)),
      };
    case "taskRuns":
      return { object, value: labelled(world, state, at, "taskRun").map((object) => keepTaskRun(object as TaskRun)) };
    case "customRuns":
      return { object, value: [] };
    case "pods":
      return { object, value: labelled(world, state, at, "pod").map((object) => keepPod(object as Pod)) };
  }
}

/** Newer than every version in an object table. */
const LISTED = String(2 ** 32);

/** Fills the stores with the objects that have these numbers, by slot, as a first list would. */
export function fill({ layout, table, indices }: World, stores: Stores, numbers: readonly number[]): void {
  function listed<T, P>(store: Pick<StoreFeed<T, P>, "project" | "replaceAll">, slots: readonly number[]): void {
    const objects = slots.map((slot) => table.get(numbers[slot] ?? 0)).filter((object) => object !== undefined);
    store.replaceAll(
      objects.map((object) => store.project(object as T)),
      LISTED,
    );
  }
  function slotsOf(own: OwnSlot): readonly number[] {
    return indices.map((index) => layout.slot(index, own));
  }
  listed(stores.locks, [LOCK_SLOT]);
  listed(stores.executions, slotsOf("execution"));
  listed(stores.runs, slotsOf("run"));
  listed(stores.taskRuns, slotsOf("taskRun"));
  listed(stores.pods, slotsOf("pod"));
}

/** Of the lock that is there now, or of an execution. */
function receiptOf({ subjects, layout }: World, state: State, uid: string): AuditReceipt | undefined {
  const subject = subjects.find((one) => one.uid === uid);
  const isLock = uid === lockUid(read(state, layout.fact("locks")));
  if (subject === undefined && !isLock) return undefined;
  const ordinal = read(
    state,
    subject === undefined ? layout.fact("lockReceipt") : layout.ghost(subject.index, "receipt"),
  );
  return ordinal === 0 ? undefined : { ordinal, at: timeAfter(0), seq: ordinal, hash: "hash" };
}

function executionNamed(world: World, state: State, at: LookAt): WorkflowExecution | undefined {
  const subject = world.subjects.find(({ name }) => at.by === "name" && at.name === name);
  if (subject === undefined) return undefined;
  return world.table.get(read(state, world.layout.slot(subject.index, "execution"))) as WorkflowExecution | undefined;
}

function labelled(world: World, state: State, at: LookAt, slot: OwnSlot): readonly KubernetesObject[] {
  const subject = world.subjects.find(({ uid }) => at.by === "label" && at.labelSelector.endsWith(`=${uid}`));
  if (subject === undefined) return [];
  const object = world.table.get(read(state, world.layout.slot(subject.index, slot)));
  return object === undefined ? [] : [object];
}
