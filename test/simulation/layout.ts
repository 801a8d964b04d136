/**
 * A state of the simulated world is one row of small numbers, so that it can be hashed and compared. Objects are numbers
 * of the object table, 0 is "not there". This file says which column is what.
 */
export type State = readonly number[];

/** The kinds of objects that belong to one execution, in the order of their columns. */
export const OWN_SLOTS = ["execution", "run", "taskRun", "pod"] as const;
export type OwnSlot = (typeof OWN_SLOTS)[number];

/** What the checker remembers of an execution beside the objects. */
const GHOSTS = [
  /** How many runs were created for it: part of their uids. */
  "created",
  /** Number of the run that was started, 0 before. */
  "started",
  /** 1: a step of its TaskRun has started, so that it may have changed the target. */
  "worked",
  /** How its run ended: 0 not yet, else one of OUTCOMES; and when. */
  "outcome",
  "doneAt",
  /** 1: somebody took its finalizer off, and it was gone at once. */
  "removed",
  /** 1: somebody else deleted its run; 2: and Tekton still acts on a view from before. */
  "lost",
  /** What its end means for the next execution: 0 not ended, else one of EFFECTS. */
  "effect",
  /** When that was decided, and its place among all that mean something for the next ones. */
  "endedAt",
  "order",
  /** 1: the lock's record has taken it in. */
  "counted",
  /** 1: a person asked to lift its block, by an annotation of it or of the lock. */
  "wished",
  /** 1: that its block is lifted was written down in its own outbox. */
  "recorded",
  /** 1: what followed from its failure was lifted. */
  "cleared",
  /** Last audit event that is committed in the database. */
  "receipt",
] as const;
export type Ghost = (typeof GHOSTS)[number];

/** What the checker remembers of the target. */
const FACTS = [
  /** How many locks were created: part of their uids. */
  "locks",
  /** How many executions have ended in a way that means something for the next ones. */
  "ends",
  /** Which lock and epoch the last run was started under. */
  "fence",
  /** Last event of the lock's own outbox that is committed. */
  "lockReceipt",
] as const;
export type Fact = (typeof FACTS)[number];

/** What is used up of the faults and of the acts of people. */
const BUDGETS = [
  ...(["crashes", "lates", "lags", "deletions", "removals", "losses"] as const),
  ...(["refusals", "wishes", "cancels", "remakes"] as const),
] as const;
export type Budget = (typeof BUDGETS)[number];

export const LOCK_SLOT = 0;
const MOST_LATE = 3;

export interface Dimensions {
  readonly executions: number;
  readonly controllers: number;
  /** Caches of controllers may show something else than what is there. */
  readonly hasCaches: boolean;
}

/** Where everything is in a state. Slots 0..slots-1 are the API server's objects: the lock, then those of each execution. */
export class Layout {
  readonly slots: number;
  readonly now: number;
  readonly size: number;
  readonly lateAt: readonly number[];
  readonly controllersAt: readonly number[];
  /** The columns with numbers of works and of writes; all others fit into 16 bits. */
  readonly wide: readonly number[];
  /** Of a controller: the work in its hands, then for each slot what its cache shows of it plus 1 (0: it is up to date). */
  readonly controllerSize: number;
  readonly #hasCaches: boolean;
  readonly #ghosts: number;
  readonly #facts: number;
  readonly #budgets: number;

  constructor({ executions, controllers, hasCaches }: Dimensions) {
    this.#hasCaches = hasCaches;
    this.slots = 1 + executions * OWN_SLOTS.length;
    this.now = this.slots;
    this.#ghosts = this.now + 1;
    this.#facts = this.#ghosts + executions * GHOSTS.length;
    this.#budgets = this.#facts + FACTS.length;
    const late = this.#budgets + BUDGETS.length;
    this.lateAt = range(MOST_LATE).map((index) => late + index);
    const first = late + MOST_LATE;
    this.controllerSize = 1 + (hasCaches ? this.slots : 0);
    this.controllersAt = range(controllers).map((index) => first + index * this.controllerSize);
    this.size = first + controllers * this.controllerSize;
    this.wide = [...this.lateAt, ...this.controllersAt];
  }

  /** Where it is said what a controller's cache shows in a slot; undefined where that is always what is there. */
  cache(controllerAt: number, slot: number): number | undefined {
    return this.#hasCaches ? controllerAt + 1 + slot : undefined;
  }

  /** The object that a controller's cache shows in a slot. */
  cached(state: State, controllerAt: number, slot: number): number {
    const column = this.cache(controllerAt, slot);
    const shown = column === undefined ? 0 : read(state, column);
    return shown === 0 ? read(state, slot) : shown - 1;
  }

  slot(execution: number, slot: OwnSlot): number {
    return 1 + execution * OWN_SLOTS.length + OWN_SLOTS.indexOf(slot);
  }

  ghost(execution: number, ghost: Ghost): number {
    return this.#ghosts + execution * GHOSTS.length + GHOSTS.indexOf(ghost);
  }

  fact(fact: Fact): number {
    return this.#facts + FACTS.indexOf(fact);
  }

  budget(budget: Budget): number {
    return this.#budgets + BUDGETS.indexOf(budget);
  }
}

/** Whose object is in that slot, and what it is; undefined for the lock. */
export function ownerOf(slot: number): { readonly index: number; readonly kind: OwnSlot } | undefined {
  const kind = OWN_SLOTS[(slot - 1) % OWN_SLOTS.length];
  return slot === LOCK_SLOT || kind === undefined
    ? undefined
    : { index: Math.floor((slot - 1) / OWN_SLOTS.length), kind };
}

/** A column of a state. */
export function read(state: State, column: number): number {
  return state[column] ?? 0;
}

/** The state with other values in these columns. */
export function withValues(state: State, ...changes: readonly (readonly [column: number, value: number])[]): State {
  const next = state.slice();
  for (const [column, value] of changes) next[column] = value;
  return next;
}

/** 0, 1, ... n-1. */
export function range(n: number): readonly number[] {
  return Array.from({ length: n }, (_, index) => index);
}
