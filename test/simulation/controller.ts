/** The controllers: each takes up any key at any time, sees it through its caches, and makes one request after another. */
import type { PipelineRun } from "../../pkg/api/tekton.ts";
import type { TargetLock } from "../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { executionKey, lockKey } from "../../pkg/controller/keys.ts";
import type { Request } from "../../pkg/controller/perform.ts";
import type { Result } from "../../pkg/execution/result.ts";
import type { Step } from "../../pkg/execution/step.ts";
import type { StepLog } from "../../pkg/tekton/run-evidence.ts";
import { aWorkflowExecution } from "../support/builders/a-workflow-execution.ts";
import type { Bounds, CreationRefusal } from "./bounds.ts";
import { LOCK_SLOT, OWN_SLOTS, range, read, withValues, type State } from "./layout.ts";
import { lookedUp, seenBy } from "./observation.ts";
import { Server, type Arrival, resultNumber } from "./server.ts";
import { LOCK } from "./subjects.ts";
import { AT_ONCE, SETTLED, Works, type Next, type Work } from "./works.ts";
import type { World } from "./world.ts";

/** What a request has led to. */
export interface Progress {
  readonly state: State;
  /** When the key wants to be taken up again (ms), where its work has ended. */
  readonly wake: number;
}

/** The processes of the product in one world. They remember what followed from what: it is a function. */
export class Controllers {
  readonly works: Works;
  readonly server: Server;
  /** All keys that can be worked on. */
  readonly keys: readonly string[];
  readonly #world: World;
  readonly #picks = new Map<string, Next>();
  /** Of each key, the slots that can belong to it. */
  readonly #seen: readonly (readonly number[])[];

  constructor(world: World) {
    this.#world = world;
    this.works = new Works(world);
    this.server = new Server(world);
    const { layout, indices, subjects } = world;
    const { namespace = "" } = aWorkflowExecution().metadata;
    this.keys = [...subjects.map(({ name }) => executionKey({ namespace, name })), lockKey(LOCK)];
    this.#seen = [...indices.map((index) => slotsOf(world, index)), range(layout.slots)];
  }

  /** What a controller finds to do for a key. */
  pick(state: State, controllerAt: number, key: number): Next {
    const memory = this.#pickMemory(state, controllerAt, key);
    const known = this.#picks.get(memory);
    if (known !== undefined) return known;
    const next = this.works.next(seenBy(this.#world, state, controllerAt, this.keys[key] ?? ""));
    this.#picks.set(memory, next);
    return next;
  }

  /** The controller's request is made and answered. Its own writes are in its caches at once. */
  step(state: State, controllerAt: number): Progress {
    const work = this.works.get(read(state, controllerAt));
    if (work.write === undefined) return handing(state, controllerAt, this.afterReads(state, this.#ask(state, work)));
    const arrival = this.server.receive(state, work.write);
    const next = this.#absorb(work, state, resultNumber(arrival), () => resultOf(work.step, arrival));
    // A refusal is learnt at once where nothing else depends on it (search.ts), but what follows is read at any time.
    if (arrival.refusal !== undefined) return handing(state, controllerAt, next);
    const isLearnt = work.write.request.verb !== "delete" && work.step.type !== "CancelTaskRun";
    const cache = this.#world.layout.cache(controllerAt, work.write.slot);
    const learnt = cache === undefined || !isLearnt ? arrival.state : withValues(arrival.state, [cache, 0]);
    return handing(learnt, controllerAt, this.afterReads(learnt, next));
  }

  /** The creation of the run is refused, for another reason than what is there; undefined where nothing is created. */
  refuse(state: State, controllerAt: number, kind: CreationRefusal): State | undefined {
    const number = read(state, controllerAt);
    if (number === 0) return undefined;
    const work = this.works.get(number);
    if (work.step.type !== "CreateRun") return undefined;
    const next = this.#absorb(work, state, kind, () => ({ type: "refused", refusal: { kind, message: kind } }));
    return handing(state, controllerAt, this.afterReads(state, next)).state;
  }

  /** The work once its reads are made, where the bounds want them to be made at once. */
  afterReads(state: State, first: Next): Next {
    let next = first;
    while (this.#world.bounds.areReadsInstant && next.work !== 0 && this.works.get(next.work).write === undefined) {
      next = this.#ask(state, this.works.get(next.work));
    }
    return next;
  }

  /** A request that changes nothing. */
  #ask(state: State, work: Work): Next {
    const { step, reads } = work;
    const seen = reads === undefined ? "" : String(read(state, reads));
    if (step.type === "ReviewAccess")
      return this.#absorb(work, state, seen, () => ({ type: "reviewed", allowed: true }));
    if (step.type === "ReadLog")
      return this.#absorb(work, state, seen, () => ({ type: "readLog", log: nothingOf(step) }));
    if (step.type !== "Look") throw new Error(`${step.type} neither reads nor writes`);
    return this.#absorb(work, state, seen, () => ({ type: "looked", looked: lookedUp(this.#world, state, step) }));
  }

  #absorb(work: Work, state: State, answer: string, result: () => Result): Next {
    const key = `${String(read(state, this.#world.layout.now))} ${answer}`;
    const known = work.answers.get(key);
    if (known !== undefined) return known;
    const snapshot = { ...work.snapshot, now: this.#world.now(state) };
    const absorbed = this.#world.product.absorb(snapshot, work.step, result());
    const ended = absorbed.type === "retry" ? AT_ONCE : SETTLED;
    const next = absorbed.type === "continue" ? this.works.next(absorbed.snapshot) : ended;
    work.answers.set(key, next);
    return next;
  }

  /** Of a key everything is seen that can belong to it. */
  #pickMemory(state: State, controllerAt: number, key: number): string {
    const { layout, subjects } = this.#world;
    const receipt = key === subjects.length ? layout.fact("lockReceipt") : layout.ghost(key, "receipt");
    const locks = read(state, layout.fact("locks"));
    let memory = String.fromCharCode(key, read(state, layout.now), locks, read(state, receipt));
    for (const slot of this.#seen[key] ?? []) memory += String.fromCharCode(layout.cached(state, controllerAt, slot));
    return memory;
  }
}

/** The controller has that in its hands. */
function handing(state: State, controllerAt: number, { work, wake }: Next): Progress {
  return { state: withValues(state, [controllerAt, work]), wake };
}

/** The lock, the execution and its children, and the other executions, which may wait for the target, with their runs. */
function slotsOf({ layout, indices, bounds }: World, index: number): readonly number[] {
  const others = indices.filter((other) => other !== index);
  const seen = areRunsCounted(bounds) ? (["execution", "run"] as const) : (["execution"] as const);
  return [
    LOCK_SLOT,
    ...OWN_SLOTS.map((slot) => layout.slot(index, slot)),
    ...others.flatMap((other) => seen.map((slot) => layout.slot(other, slot))),
  ];
}

/** Whether so many runs can be finished that the oldest goes. */
function areRunsCounted({ policy, executions }: Bounds): boolean {
  return policy.keepRuns < executions.length;
}

/** Nothing is decided by what a step has written: its log is always empty, as one that could not be read. */
function nothingOf({ pod, container }: Extract<Step, { readonly type: "ReadLog" }>): StepLog {
  return { podUid: pod.uid, podName: pod.name, container, text: "" };
}

function resultOf(step: Request, { object, refusal }: Arrival): Result {
  if (refusal !== undefined) return { type: "refused", refusal: { kind: refusal, message: refusal } };
  switch (step.type) {
    case "AddFinalizer":
    case "RemoveFinalizer":
    case "WriteStatus":
      return { type: "wroteExecution", execution: object as WorkflowExecution };
    case "CreateLock":
    case "UpdateLock":
      return { type: "wroteLock", lock: object as TargetLock };
    case "CreateRun":
    case "StartRun":
    case "CancelRun":
      return { type: "wroteRun", run: object as PipelineRun };
    case "DeleteLock":
    case "DeleteRun":
    case "DeletePod":
    case "CancelTaskRun":
      return { type: "accepted" };
    case "Look":
    case "ReadLog":
    case "ReviewAccess":
      throw new Error(`${step.type} writes nothing`);
  }
}
