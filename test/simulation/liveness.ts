/**
 * From every state everything can still come to its end. Requests under way are answered, a controller starts anew and
 * takes up every key once; from then on only what its own triggers and waiting times wake. Tekton goes on, the audit side
 * commits, time goes by; then every execution has ended, deleted ones are gone, the target is free.
 */
import { fingerprint } from "./fingerprint.ts";
import { range, read, withValues, type State } from "./layout.ts";
import { Violation } from "./move.ts";
import { commit, commitOfLock, pass } from "./people.ts";
import type { Simulation } from "./simulation.ts";
import { wokenBy } from "./wakeups.ts";

/** More requests in a row than any key needs. */
const MOST_REQUESTS = 60;
const MOST_ROUNDS = 500;
/** Everything that is waited for has come by then. */
const MOST_TICKS = 20;

/** A controller between two keys. */
interface Round {
  readonly state: State;
  /** The keys that are to be taken up. */
  readonly queue: readonly number[];
  /** When each key wants to be taken up again, whatever happens (ms). */
  readonly wakes: readonly number[];
}

/** Examines states; remembers those from which the end was reached. */
export class Liveness {
  readonly #simulation: Simulation;
  readonly #good = new Set<string>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  /** Throws Violation where no end is reached from there. */
  examine(state: State): void {
    const { keys } = this.#simulation.controllers;
    const passed: string[] = [];
    let round: Round = { state: this.#quiet(state), queue: [...keys.keys()], wakes: keys.map(() => Infinity) };
    for (let rounds = 0; rounds < MOST_ROUNDS; rounds += 1) {
      const text = this.#textOf(round);
      if (this.#good.has(text) || (round.queue.length === 0 && this.#hasEnded(round.state))) {
        for (const one of [...passed, text]) this.#good.add(one);
        return;
      }
      passed.push(text);
      round = this.#nextRound(round);
    }
    throw new Violation("liveness", `no end after ${String(MOST_ROUNDS)} rounds`);
  }

  #textOf({ state, queue, wakes }: Round): string {
    const { high, low } = fingerprint(state, this.#simulation.world.layout);
    return [high, low, queue.join(), wakes.join()].join(" ");
  }

  /** All that was under way has come to its end, and every watch is up to date. Budgets don't matter any more. */
  #quiet(state: State): State {
    const { world, controllers } = this.#simulation;
    const { layout } = world;
    let next: State = state;
    for (const at of layout.controllersAt) next = this.#workOff(next, at).state;
    for (const column of layout.lateAt) {
      const number = read(next, column);
      if (number !== 0)
        next = withValues(controllers.server.receive(next, controllers.works.write(number)).state, [column, 0]);
    }
    const first = layout.controllersAt[0] ?? layout.size;
    return withValues(next, ...range(next.length - first).map((column) => [first + column, 0] as const));
  }

  /** A key's work, request by request; a controller that never stops asking is a hot loop. */
  #workOff(state: State, at: number): { readonly state: State; readonly wake: number } {
    let next = { state, wake: Infinity };
    for (let requests = 0; read(next.state, at) !== 0; requests += 1) {
      if (requests > MOST_REQUESTS) throw new Violation("liveness", "a controller makes requests without end");
      next = this.#simulation.controllers.step(next.state, at);
    }
    return next;
  }

  /** The next key is taken up; where there is none, something else happens. */
  #nextRound({ state, queue, wakes }: Round): Round {
    const [key, ...others] = queue;
    if (key === undefined) return this.#somethingElse(state, wakes);
    const { world, controllers } = this.#simulation;
    const at = world.layout.controllersAt[0] ?? 0;
    const { work, wake } = controllers.afterReads(state, controllers.pick(state, at, key));
    const done = work === 0 ? { state, wake } : this.#workOff(withValues(state, [at, work]), at);
    return this.#woken(state, { state: done.state, queue: others, wakes: wakes.with(key, done.wake) });
  }

  /** The keys that the change woke are taken up later, each once. */
  #woken(before: State, { state, queue, wakes }: Round): Round {
    const { world, controllers } = this.#simulation;
    const keys = wokenBy(world, before, state).map((key) => controllers.keys.indexOf(key));
    return { state, queue: [...queue, ...keys.filter((key) => key >= 0 && !queue.includes(key))], wakes };
  }

  #somethingElse(state: State, wakes: readonly number[]): Round {
    const { world, controllers, progress } = this.#simulation;
    const round: Round = { state, queue: [], wakes };
    for (const move of progress) {
      const next = move.take(state);
      if (next !== undefined) return this.#woken(state, { ...round, state: next });
    }
    for (const index of world.indices) {
      const next = commit(world, state, index);
      if (next !== undefined) return { ...round, state: next, queue: [index] };
    }
    const committed = commitOfLock(world, state);
    if (committed !== undefined) return { ...round, state: committed, queue: [controllers.keys.length - 1] };
    return this.#later(round);
  }

  #later({ state, wakes }: Round): Round {
    const { world } = this.#simulation;
    const due = [...wakes.keys()].filter((key) => (wakes[key] ?? 0) <= world.now(state));
    const kept = wakes.map((wake, key) => (due.includes(key) ? Infinity : wake));
    if (due.length > 0) return { state, queue: due, wakes: kept };
    const later = pass(world, state, { step: "tick", most: world.bounds.ticks + MOST_TICKS });
    if (later === undefined) throw new Violation("liveness", "nothing happens any more, and not all has ended");
    return { state: later, queue: [], wakes };
  }

  #hasEnded(state: State): boolean {
    const { world } = this.#simulation;
    const lock = world.lock(state);
    return (
      lock?.isFree !== false && lock?.isWished !== true && world.indices.every((index) => this.#isOver(state, index))
    );
  }

  #isOver(state: State, index: number): boolean {
    const { world } = this.#simulation;
    const execution = world.execution(state, index);
    if (world.run(state, index)?.isPending === true) return false;
    if (!this.#isHeard(state, index)) return false;
    return execution === undefined || (execution.isTerminal && !execution.isDeleting);
  }

  /** What a person asked for, or what is on record as cleared, doesn't block any more. */
  #isHeard(state: State, index: number): boolean {
    const { world } = this.#simulation;
    const isRecorded = read(state, world.layout.ghost(index, "recorded")) === 1;
    if (!isRecorded && world.execution(state, index)?.isWishing !== true) return true;
    return world.lock(state)?.blockers.includes(world.subjects[index]?.uid ?? "") !== true;
  }
}
