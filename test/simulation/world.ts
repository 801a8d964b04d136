import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { PipelineRun } from "../../pkg/api/tekton.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { toTimestamp } from "../../pkg/api/time.ts";
import { after } from "../support/builders/moments.ts";
import type { Bounds, Product } from "./bounds.ts";
import {
  executionFacts,
  isLivePod,
  isLiveRun,
  isWorkingTaskRun,
  runFacts,
  type ExecutionFacts,
  type RunFacts,
} from "./facts.ts";
import { Layout, range, read, withValues, type Budget, type State } from "./layout.ts";
import { Violation, type Invariant } from "./move.ts";
import { ObjectTable } from "./object-table.ts";
import { aSubject, type Subject } from "./subjects.ts";

/** What all moves of a simulation share: its bounds, the product, the objects and their names. Nothing here is a state. */
export class World {
  readonly bounds: Bounds;
  readonly product: Product;
  readonly layout: Layout;
  readonly table = new ObjectTable();
  readonly subjects: readonly Subject[];
  readonly #edited = new Map<string, number>();
  readonly #runs: (RunFacts | undefined)[] = [];
  readonly #executions: (ExecutionFacts | undefined)[] = [];
  readonly #live: (boolean | undefined)[] = [];

  constructor(bounds: Bounds, product: Product) {
    this.bounds = bounds;
    this.product = product;
    this.layout = new Layout({ executions: bounds.workflows.length, controllers: bounds.controllers });
    this.subjects = bounds.workflows.map((workflow, index) => aSubject(index, workflow, !bounds.addsFinalizer));
  }

  /** Executions were asked for, nothing has happened yet. */
  initial(): State {
    const born = this.subjects.map(
      ({ index, execution }) => [this.layout.slot(index, "execution"), this.table.numberOf(execution)] as const,
    );
    return withValues(new Uint16Array(this.layout.size), ...born);
  }

  /** The server's time (ms); some moments after the executions' creation. */
  now(state: State): number {
    return after(10) + read(state, this.layout.now) * this.bounds.tickMs;
  }

  timestamp(state: State): string {
    return toTimestamp(this.now(state));
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

  /** Throws Violation where an invariant doesn't hold, unless it is one that nobody asks for. */
  must(holds: boolean, invariant: Invariant, message: string): void {
    if (!holds && (this.bounds.invariants?.includes(invariant) ?? true)) throw new Violation(invariant, message);
  }

  /** Indices of the executions. */
  get indices(): readonly number[] {
    return range(this.subjects.length);
  }
}
