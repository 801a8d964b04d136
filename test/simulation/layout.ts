/**
 * A state of the simulated world is one row of small numbers, so that it can be hashed and compared. Objects are numbers
 * of the object table, 0 is "not there". This file says which column is what.
 */
export type State = Uint16Array;

/** The kinds of objects that belong to one execution, in the order of their columns. */
export const OWN_SLOTS = ["execution", "run", "taskRun", "pod"] as const;
export type OwnSlot = (typeof OWN_SLOTS)[number];

/** What the checker remembers of an execution beside the objects. */
const GHOSTS = [
  /** How many runs were created for it: part of their uids. */
  "created",
  /** Number of the run that was started, 0 before. */
  "started",
  /** 1: Tekton has made something for it, so that it may have changed the target. */
  "worked",
  /** How that run ended: 0 not yet, 1 succeeded, 2 failed, 3 cancelled. */
  "outcome",
  /** 1: somebody else deleted its run; 2: and Tekton still acts on a view from before. */
  "lost",
  /** Tick of its terminal write as Completed, plus 1. */
  "completed",
  /** Last audit event that is committed in the database. */
  "receipt",
] as const;
export type Ghost = (typeof GHOSTS)[number];

/** What is used up of the faults and of the acts of people. */
const BUDGETS = ["crashes", "lates", "lags", "deletions", "losses"] as const;
export type Budget = (typeof BUDGETS)[number];

export const LOCK_SLOT = 0;
const MOST_LATE = 3;

export interface Dimensions {
  readonly executions: number;
  readonly controllers: number;
}

/** Where everything is in a state. Slots 0..slots-1 are the API server's objects: the lock, then those of each execution. */
export class Layout {
  readonly slots: number;
  readonly now: number;
  readonly size: number;
  readonly lateAt: readonly number[];
  readonly controllersAt: readonly number[];
  readonly #ghosts: number;
  readonly #budgets: number;

  constructor({ executions, controllers }: Dimensions) {
    this.slots = 1 + executions * OWN_SLOTS.length;
    this.now = this.slots;
    this.#ghosts = this.now + 1;
    this.#budgets = this.#ghosts + executions * GHOSTS.length;
    const late = this.#budgets + BUDGETS.length;
    this.lateAt = range(MOST_LATE).map((index) => late + index);
    const first = late + MOST_LATE;
    this.controllersAt = range(controllers).map((index) => first + index * this.controllerSize);
    this.size = first + controllers * this.controllerSize;
  }

  /** A controller: the work in its hands, then for each slot what its cache shows of it plus 1 (0: it is up to date). */
  get controllerSize(): number {
    return 1 + this.slots;
  }

  slot(execution: number, slot: OwnSlot): number {
    return 1 + execution * OWN_SLOTS.length + OWN_SLOTS.indexOf(slot);
  }

  ghost(execution: number, ghost: Ghost): number {
    return this.#ghosts + execution * GHOSTS.length + GHOSTS.indexOf(ghost);
  }

  budget(budget: Budget): number {
    return this.#budgets + BUDGETS.indexOf(budget);
  }
}

/** The object that a controller's cache shows in a slot. */
export function cachedIn(state: State, controllerAt: number, slot: number): number {
  const shown = read(state, controllerAt + 1 + slot);
  return shown === 0 ? read(state, slot) : shown - 1;
}

/** A column of a state. */
export function read(state: State, column: number): number {
  return state[column] ?? 0;
}

/** The state with other values in these columns. */
export function withValues(state: State, ...changes: readonly (readonly [column: number, value: number])[]): State {
  const next = state.slice();
  for (const [column, value] of changes) {
    if (value > 0xffff) throw new RangeError(`column ${String(column)}: ${String(value)} doesn't fit into a state`);
    next[column] = value;
  }
  return next;
}

/** A state as a text: small, and quick to compare. */
export function packed(state: State): string {
  return Buffer.from(state.buffer, state.byteOffset, state.byteLength).toString("latin1");
}

/** The state that was packed. */
export function unpacked(text: string): State {
  const bytes = Buffer.from(text, "latin1");
  const state = new Uint16Array(bytes.length / Uint16Array.BYTES_PER_ELEMENT);
  Buffer.from(state.buffer).set(bytes);
  return state;
}

/** 0, 1, ... n-1. */
export function range(n: number): readonly number[] {
  return Array.from({ length: n }, (_, index) => index);
}
