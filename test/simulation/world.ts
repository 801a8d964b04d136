import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { PipelineRun } from "../../pkg/api/tekton.ts";
import type { TargetLock } from "../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { toTimestamp } from "../../pkg/api/time.ts";
import { after, timeAfter } from "../support/builders/moments.ts";
import type { Bounds, Product } from "./bounds.ts";
import {
  executionFacts,
  isLivePod,
  isLiveRun,
  isWorkingTaskRun,
  lockFacts,
  runFacts,
  type ExecutionFacts,
  type LockFacts,
  type RunFacts,
} from "./facts.ts";
import { Layout, LOCK_SLOT, range, read, withValues, type Budget, type State } from "./layout.ts";
import { Violation, type Invariant } from "./move.ts";
import { ObjectTable } from "./object-table.ts";
import { anExecution, aSubject, type Subject } from "./subjects.ts";

const DAY_MS = 24 * 60 * 60_000;
/** A time is a number of ticks and a number of days, in one column. */
const TICKS_OF_A_DAY = 256;

/** What all moves of a simulation share: its bounds, the product, the objects and their names. Nothing here is a state. */
export class World {
  readonly bounds: Bounds;
  readonly product: Product;
  readonly layout: Layout;
  readonly table = new ObjectTable();
  readonly subjects: readonly Subject[];
  /** Indices of the executions. */
  readonly indices: readonly number[];
  readonly #edited = new Map<string, number>();
  readonly #runs: (RunFacts | undefined)[] = [];
  readonly #executions: (ExecutionFacts | undefined)[] = [];
  readonly #locks: (LockFacts | undefined)[] = [];
  readonly #live: (boolean | undefined)[] = [];

  constructor(bounds: Bounds, product: Product) {
    this.bounds = bounds;
    this.product = product;
    this.indices = range(bounds.executions.length);
    const { executions, controllers, budgets } = bounds;
    this.layout = new Layout({ executions: executions.length, controllers, hasCaches: budgets.lags > 0 });
    this.subjects = bounds.executions.map((asked, index) => aSubject(index, asked));
  }

  /** Executions were asked for, a second after each other; nothing has happened yet. */
  initial(): State {
    const born = this.subjects.flatMap((subject) => {
      if (subject.asked.comesLater === true) return [];
      const number = this.born(subject, timeAfter(subject.index));
      return [[this.layout.slot(subject.index, "execution"), number] as const];
    });
    return withValues(
      range(this.layout.size).map(() => 0),
      ...born,
    );
  }

  /** The number of an execution that is made at that time. */
  born(subject: Subject, creationTimestamp: string): number {
    return this.table.numberOf(anExecution(subject, { creationTimestamp, hasFinalizer: !this.bounds.addsFinalizer }));
  }

  /** The server's time (ms); some moments after the first executions' creation. */
  now(state: State): number {
    return this.momentOf(read(state, this.layout.now));
  }

  timestamp(state: State): string {
    return toTimestamp(this.now(state));
  }

  /** The time (ms) that the number of a column means. */
  momentOf(time: number): number {
    const { tickMs } = this.bounds;
    return after(10) + (time % TICKS_OF_A_DAY) * tickMs + Math.floor(time / TICKS_OF_A_DAY) * DAY_MS;
  }

  /** The number of a column for a moment (ms) at which something happened. */
  timeOf(moment: number): number {
    const passed = moment - this.momentOf(0);
    return Math.floor((passed % DAY_MS) / this.bounds.tickMs) + Math.floor(passed / DAY_MS) * TICKS_OF_A_DAY;
  }

  /** The time in a column after a tick and after a day; undefined where the bounds allow no more of these. */
  laterBy(time: number, step: "tick" | "day", most: number): number | undefined {
    const done = step === "tick" ? time % TICKS_OF_A_DAY : Math.floor(time / TICKS_OF_A_DAY);
    if (done >= most) return undefined;
    return time + (step === "tick" ? 1 : TICKS_OF_A_DAY);
  }

  /** The number of a changed object: the change must depend on nothing but the object and its own name. */
  edit<T extends KubernetesObject>(number: number, name: string, change: (object: T) => T | undefined): number {
    const key = `${String(number)} ${name}`;
    const known = this.#edited.get(key);
    if (known !== undefined) return known;
    const object = this.table.get(number) as T | undefined;
    const edited = object === undefined ? 0 : this.table.numberOf(change(object));
    this.#edited.set(key, edited);
    return edited;
  }

  lock(state: State): LockFacts | undefined {
    const number = read(state, LOCK_SLOT);
    return number === 0 ? undefined : (this.#locks[number] ??= lockFacts(this.object(number) as TargetLock));
  }

  run(state: State, index: number): RunFacts | undefined {
    const number = read(state, this.layout.slot(index, "run"));
    return number === 0 ? undefined : (this.#runs[number] ??= runFacts(this.object(number) as PipelineRun));
  }

  execution(state: State, index: number): ExecutionFacts | undefined {
    const number = read(state, this.layout.slot(index, "execution"));
    if (number === 0) return undefined;
    return (this.#executions[number] ??= executionFacts(this.object(number) as WorkflowExecution));
  }

  isWorking(state: State, index: number): boolean {
    const number = read(state, this.layout.slot(index, "taskRun"));
    return number !== 0 && (this.#live[number] ??= isWorkingTaskRun(this.object(number)));
  }

  isPodLive(state: State, index: number): boolean {
    const number = read(state, this.layout.slot(index, "pod"));
    return number !== 0 && (this.#live[number] ??= isLivePod(this.object(number)));
  }

  /** Whether something of this execution acts on the target, or will. */
  isLive(state: State, index: number): boolean {
    const run = this.run(state, index);
    return (run !== undefined && isLiveRun(run)) || this.isPodLive(state, index);
  }

  /** An object that is known to be there. */
  object(number: number): KubernetesObject {
    const object = this.table.get(number);
    if (object === undefined) throw new Error(`there is no object ${String(number)}`);
    return object;
  }

  /** The state with one more of these used up; undefined where none is left. */
  spend(state: State, budget: Budget): State | undefined {
    const column = this.layout.budget(budget);
    const used = read(state, column);
    return used < this.bounds.budgets[budget] ? withValues(state, [column, used + 1]) : undefined;
  }

  /** How many of these are used up. */
  spent(state: State, budget: Budget): number {
    return read(state, this.layout.budget(budget));
  }

  /** Throws Violation where an invariant doesn't hold, unless it is one that nobody asks for. */
  must(holds: boolean, invariant: Invariant, message: string): void {
    if (!holds && (this.bounds.invariants?.includes(invariant) ?? true)) throw new Violation(invariant, message);
  }
}
