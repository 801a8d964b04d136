/** The controllers: each takes up any key at any time, sees it through its caches, and makes one request after another. */
import type { PipelineRun } from "../../pkg/api/tekton.ts";
import type { TargetLock } from "../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { executionKey, lockKey } from "../../pkg/controller/keys.ts";
import type { Request } from "../../pkg/controller/perform.ts";
import { absorb } from "../../pkg/execution/absorb.ts";
import type { Result } from "../../pkg/execution/result.ts";
import { cachedIn, LOCK_SLOT, OWN_SLOTS, range, read, withValues, type State } from "./layout.ts";
import { lookedUp, seenBy } from "./observation.ts";
import { Server, type Arrival, resultNumber } from "./server.ts";
import { LOCK } from "./subjects.ts";
import { Works, type Work } from "./works.ts";
import type { World } from "./world.ts";

/** The processes of the product in one world. They remember what followed from what: it is a function. */
export class Controllers {
  readonly works: Works;
  readonly server: Server;
  /** All keys that can be worked on. */
  readonly keys: readonly string[];
  readonly #world: World;
  readonly #picks = new Map<string, number>();
  readonly #absorbed = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
    this.works = new Works(world);
    this.server = new Server(world);
    this.keys = [...world.subjects.map(({ execution }) => executionKey(execution.metadata)), lockKey(LOCK)];
  }

  /** The number of the work that a controller finds to do for a key; 0 for none. */
  pick(state: State, controllerAt: number, key: number): number {
    const memory = this.#pickMemory(state, controllerAt, key);
    const known = this.#picks.get(memory);
    if (known !== undefined) return known;
    const number = this.works.numberOf(seenBy(this.#world, state, controllerAt, this.keys[key] ?? ""));
    this.#picks.set(memory, number);
    return number;
  }

  /** The controller's request is made and answered. Its own writes are in its caches at once. */
  step(state: State, controllerAt: number): State {
    const work = this.works.get(read(state, controllerAt));
    if (work.write === undefined)
      return withValues(state, [controllerAt, this.afterReads(state, this.#look(state, work))]);
    const arrival = this.server.receive(state, work.write);
    const next = this.#absorb(work, state, resultNumber(arrival), () => resultOf(work.step, arrival));
    const isLearnt = arrival.refusal === undefined && work.write.request.verb !== "delete";
    const learnt = [controllerAt + 1 + work.write.slot, 0] as const;
    const after = this.afterReads(arrival.state, next);
    return withValues(arrival.state, [controllerAt, after], ...(isLearnt ? [learnt] : []));
  }

  /** The work when its reads are made, where the bounds want them to be made at once. */
  afterReads(state: State, number: number): number {
    let next = number;
    while (this.#world.bounds.areReadsInstant && next !== 0 && this.works.get(next).write === undefined) {
      next = this.#look(state, this.works.get(next));
    }
    return next;
  }

  #look(state: State, work: Work): number {
    const { step, reads } = work;
    if (step.type !== "Look") throw new Error(`${step.type} neither reads nor writes`);
    const seen = reads === undefined ? "" : String(read(state, reads));
    return this.#absorb(work, state, seen, () => ({ type: "looked", looked: lookedUp(this.#world, state, step) }));
  }

  /** The next work, 0 where the work ends. */
  #absorb(work: Work, state: State, answer: string, result: () => Result): number {
    const key = `${String(work.number)} ${String(read(state, this.#world.layout.now))} ${answer}`;
    const known = this.#absorbed.get(key);
    if (known !== undefined) return known;
    const next = absorb({ ...work.snapshot, now: this.#world.now(state) }, work.step, result());
    const number = next.type === "continue" ? this.works.numberOf(next.snapshot) : 0;
    this.#absorbed.set(key, number);
    return number;
  }

  /** Of a key everything is seen that can belong to it. */
  #pickMemory(state: State, controllerAt: number, key: number): string {
    const { slots, now } = this.#world.layout;
    const own = 1 + key * OWN_SLOTS.length;
    const isLock = key === this.#world.subjects.length;
    const seen = isLock ? range(slots) : [LOCK_SLOT, ...range(OWN_SLOTS.length).map((slot) => own + slot)];
    const receipt = isLock ? 0 : read(state, this.#world.layout.ghost(key, "receipt"));
    const numbers = seen.map((slot) => cachedIn(state, controllerAt, slot));
    return String.fromCharCode(key, read(state, now), receipt, ...numbers);
  }
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
    case "DeleteRun":
    case "DeletePod":
    case "DeleteLock":
      return { type: "accepted" };
    case "Look":
    case "ReviewAccess":
      throw new Error(`${step.type} writes nothing`);
  }
}
