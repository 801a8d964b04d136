import type { Request } from "../../pkg/controller/perform.ts";
import type { Seen, SeenObjects, Snapshot } from "../../pkg/execution/snapshot.ts";
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { ApiRequest } from "./api-request.ts";
import { LOCK_SLOT } from "./layout.ts";
import { canonicalText, versionNumber } from "./object-table.ts";
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
}

/** A request that changes an object. */
export interface Write {
  readonly number: number;
  readonly request: ApiRequest;
  /** Which object: a column of the state. */
  readonly slot: number;
  /** Under which version alone it is accepted, 0 for any. */
  readonly version: number;
  readonly text: string;
}

/** Gives numbers to what controllers have in their hands, so that it is a column of a state. */
export class Works {
  readonly #world: World;
  readonly #works = new Map<string, number>();
  readonly #byNumber: (Work | undefined)[] = [undefined];
  readonly #writes = new Map<string, Write>();
  readonly #writesByNumber: (Write | undefined)[] = [undefined];

  constructor(world: World) {
    this.#world = world;
  }

  /** The number of the work on that snapshot; 0 where there is nothing to do now. */
  numberOf(snapshot: Snapshot): number {
    const key = textOf(snapshot);
    const known = this.#works.get(key);
    if (known !== undefined) return known;
    const { product, bounds } = this.#world;
    const step = product.nextStep(snapshot, bounds.policy);
    const isIdle = step.type === "Done" || step.type === "Wait" || step.type === "Backoff";
    const number = isIdle ? 0 : this.#byNumber.length;
    this.#works.set(key, number);
    if (step.type !== "Done" && step.type !== "Wait" && step.type !== "Backoff")
      this.#byNumber.push(this.#newWork(number, snapshot, step));
    return number;
  }

  #newWork(number: number, snapshot: Snapshot, step: Request): Work {
    const seen = [snapshot.execution, snapshot.lock, snapshot.runs, snapshot.taskRuns, snapshot.pods];
    return {
      ...{ number, snapshot, step },
      isUnderWay: seen.some(({ freshness }) => freshness === "fresh"),
      reads: slotRead(step, this.#world),
      write: this.#writeOf(step),
    };
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

  #writeOf(step: Request): Write | undefined {
    const request = this.#world.product.request(step);
    if (request === undefined) return undefined;
    const key = canonicalText(request);
    const known = this.#writes.get(key);
    if (known !== undefined) return known;
    const slot = slotOf(request, this.#world);
    const number = this.#writesByNumber.length;
    const write = { number, request, slot, version: versionOf(request), text: `${step.type} ${request.ref.name}` };
    this.#writes.set(key, write);
    this.#writesByNumber.push(write);
    return write;
  }
}

function slotOf({ resource, ref }: ApiRequest, { subjects, layout }: World): number {
  if (resource === "locks") return LOCK_SLOT;
  const own = { executions: "execution", runs: "run", pods: "pod" } as const;
  const subject = subjects.find(({ name, run }) => [name, run, `${run}-restart`].includes(ref.name));
  if (subject === undefined) throw new Error(`there is no ${resource} ${ref.name}`);
  return layout.slot(subject.index, own[resource]);
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

/** The only version under which the request can be accepted; versions never come back. */
function versionOf(request: ApiRequest): number {
  switch (request.verb) {
    case "create":
      return 0;
    case "replace":
    case "replaceStatus":
      return versionNumber(request.object);
    case "delete":
      return Number(request.options.resourceVersion ?? 0);
    case "patch": {
      const test = request.operations.find(({ op, path }) => op === "test" && path === "/metadata/resourceVersion");
      return test === undefined || test.op === "remove" ? 0 : Number(test.value);
    }
  }
}

const SINGLE = ["execution", "lock"] as const;
const LISTS = ["runs", "taskRuns", "customRuns", "pods"] as const;

/** All that a decision can depend on. */
function textOf(snapshot: Snapshot): string {
  const { execution, lock, runs, taskRuns, customRuns, pods, kinds, ...rest } = snapshot;
  const seen: SeenObjects = { execution, lock, runs, taskRuns, customRuns, pods, kinds };
  const single = SINGLE.map((name) => versionsOf(seen[name], [seen[name].value]));
  const lists = LISTS.map((name) => versionsOf(seen[name], seen[name].value));
  const pending = snapshot.kind === "lock" ? snapshot.pendingRuns.map(versionNumber) : [];
  const others = canonicalText({ ...rest, pendingRuns: [] });
  return [...single, ...lists, kinds.freshness, kinds.value.kinds.length, pending.join(), others].join(" ");
}

function versionsOf({ freshness }: Seen<unknown>, objects: readonly (KubernetesObject | undefined)[]): string {
  return `${freshness}:${objects.map(versionNumber).join()}`;
}
