import type { Request } from "../../pkg/controller/perform.ts";
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { Seen, SeenObjects, Snapshot } from "../../pkg/execution/snapshot.ts";
import type { Step } from "../../pkg/execution/step.ts";
import { LOCK_SLOT } from "./layout.ts";
import { versionNumber } from "./object-table.ts";
import { reduced } from "./reduced-snapshot.ts";
import { TextTable } from "./text-table.ts";
import { conditionsOf, slotOf, type Write } from "./write.ts";
import type { World } from "./world.ts";

/** What a controller has in its hands: what it knows, and the request that follows from it. */
export interface Work {
  readonly number: number;
  readonly snapshot: Snapshot;
  readonly step: Request;
  /** Requests were made for it already. */
  readonly isUnderWay: boolean;
  /** The column that the step reads; undefined where it writes, or reads what never changes. */
  readonly reads: number | undefined;
  /** Undefined where the step only reads. */
  readonly write: Write | undefined;
  /** What followed, by time and answer. */
  readonly answers: Map<string, Next>;
}

/** What is done next for a key. */
export interface Next {
  /** Number of the work; 0 where there is nothing to do now. */
  readonly work: number;
  /** When there may be something to do again (ms), though nothing has changed. */
  readonly wake: number;
}

/** Nothing to do until something changes. */
export const SETTLED: Next = { work: 0, wake: Infinity };
/** To be tried again. */
export const AT_ONCE: Next = { work: 0, wake: 0 };

/** Gives numbers to what controllers have in their hands, so that it is a column of a state. */
export class Works {
  readonly #world: World;
  readonly #next = new Map<string, Next>();
  readonly #works = new Map<string, Work>();
  readonly #byNumber: (Work | undefined)[] = [undefined];
  readonly #texts = new TextTable();
  readonly #writes = new Map<number, Write>();
  readonly #writesByNumber: (Write | undefined)[] = [undefined];

  constructor(world: World) {
    this.#world = world;
  }

  /** What the product does next, knowing that. Throws Violation where it would ask again and again at once. */
  next(seen: Snapshot): Next {
    const { product, bounds } = this.#world;
    const snapshot = reduced(seen, this.#world);
    const what = this.#textOf(snapshot);
    const text = `${what} ${String(snapshot.now)}`;
    const known = this.#next.get(text);
    if (known !== undefined) return known;
    const next = this.#nextOf(product.nextStep(snapshot, bounds.policy), snapshot, what);
    this.#next.set(text, next);
    return next;
  }

  get(number: number): Work {
    const work = this.#byNumber[number];
    if (work === undefined) throw new Error(`there is no work ${String(number)}`);
    return work;
  }

  write(number: number): Write {
    const write = this.#writesByNumber[number];
    if (write === undefined) throw new Error(`there is no write ${String(number)}`);
    return write;
  }

  #nextOf(step: Step, snapshot: Snapshot, what: string): Next {
    if (step.type === "Done") return SETTLED;
    if (step.type === "Backoff") return AT_ONCE;
    this.#checkKnown(step, snapshot);
    if (step.type !== "Wait") return { work: this.#workOf(step, snapshot, what).number, wake: Infinity };
    this.#world.must(step.until > snapshot.now, "liveness", "a wait that is over when it begins");
    return { work: 0, wake: step.until };
  }

  /** Whoever knows that an execution was cancelled doesn't start its run. */
  #checkKnown(step: Step, { execution }: Snapshot): void {
    const isCancelled =
      execution.value?.spec.cancel !== undefined || execution.value?.metadata.deletionTimestamp !== undefined;
    this.#world.must(step.type !== "StartRun" || !isCancelled, "cancel", "a run is started though that was cancelled");
  }

  /** When the step was decided doesn't matter any more: by the time that its answer is there, it is later. */
  #workOf(step: Request, snapshot: Snapshot, what: string): Work {
    const write = this.#writeOf(step);
    const text = `${what} ${write === undefined ? textOfRead(step) : String(write.number)}`;
    const same = this.#works.get(text);
    if (same !== undefined) return same;
    const { execution, lock, runs, taskRuns, pods } = snapshot;
    const isUnderWay = [execution, lock, runs, taskRuns, pods].some(({ freshness }) => freshness === "fresh");
    const number = this.#byNumber.length;
    const work = { number, snapshot, step, isUnderWay, reads: slotRead(step, this.#world), write, answers: new Map() };
    this.#works.set(text, work);
    this.#byNumber.push(work);
    return work;
  }

  #writeOf(step: Request): Write | undefined {
    const request = this.#world.product.request(step);
    if (request === undefined) return undefined;
    const text = this.#texts.numberOf(request);
    const known = this.#writes.get(text);
    if (known !== undefined) return known;
    const number = this.#writesByNumber.length;
    const slot = slotOf(request, this.#world);
    const write = { number, request, slot, only: conditionsOf(request), text: `${step.type} ${request.ref.name}` };
    this.#writes.set(text, write);
    this.#writesByNumber.push(write);
    return write;
  }

  /** All that a decision can depend on, but for the time. */
  #textOf(snapshot: Snapshot): string {
    const { execution, lock, runs, taskRuns, customRuns, pods, kinds, ...rest } = snapshot;
    const seen: SeenObjects = { execution, lock, runs, taskRuns, customRuns, pods, kinds };
    const single = SINGLE.map((name) => versionsOf(seen[name], [seen[name].value]));
    const lists = LISTS.map((name) => versionsOf(seen[name], seen[name].value));
    const beside = rest.kind === "lock" ? rest.pendingRuns : rest.waiting;
    const others = this.#texts.numberOf({ ...rest, now: 0, pendingRuns: [], waiting: [] });
    return [...single, ...lists, kinds.freshness, beside.map(versionNumber).join(), others].join(" ");
  }
}

const SINGLE = ["execution", "lock"] as const;
const LISTS = ["runs", "taskRuns", "customRuns", "pods"] as const;

function versionsOf({ freshness }: Seen<unknown>, objects: readonly (KubernetesObject | undefined)[]): string {
  return `${freshness}:${objects.map(versionNumber).join()}`;
}

function textOfRead(step: Request): string {
  return step.type === "Look" ? `${step.type} ${step.object}` : step.type;
}

function slotRead(step: Request, { subjects, layout }: World): number | undefined {
  if (step.type !== "Look" || step.object === "kinds" || step.object === "customRuns") return undefined;
  const { object, at } = step;
  if (object === "lock") return LOCK_SLOT;
  const own = { execution: "execution", runs: "run", taskRuns: "taskRun", pods: "pod" } as const;
  const subject = subjects.find(({ name, uid }) =>
    at.by === "name" ? at.name === name : at.by === "label" && at.labelSelector.endsWith(`=${uid}`),
  );
  return subject === undefined ? undefined : layout.slot(subject.index, own[object]);
}
