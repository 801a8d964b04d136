/**
 * From every state everything can still come to its end: requests under way are answered, watches catch up, Tekton goes
 * on, the audit side commits, time goes by; then every execution has ended, deleted ones are gone, the target is free.
 */
import type { TargetLock } from "../../pkg/api/target-lock.ts";
import { LOCK_SLOT, packed, read, withValues, type State } from "./layout.ts";
import { Violation } from "./move.ts";
import { commit, tick } from "./people.ts";
import type { Simulation } from "./simulation.ts";

/** More requests in a row than any key needs. */
const MOST_REQUESTS = 60;
const MOST_ROUNDS = 200;
/** Everything that is waited for has come by then. */
const MOST_TICKS = 12;

/** Examines states; remembers those from which the end was reached. */
export class Liveness {
  readonly #simulation: Simulation;
  readonly #good = new Set<string>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  /** Throws Violation where no end is reached from there. */
  examine(state: State): void {
    const passed: string[] = [];
    let now = this.#quiet(state);
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const key = packed(now);
      if (this.#good.has(key) || this.#hasEnded(now)) {
        for (const one of [...passed, key]) this.#good.add(one);
        return;
      }
      passed.push(key);
      now = this.#nextRound(now);
    }
    throw new Violation("liveness", `no end after ${String(MOST_ROUNDS)} rounds`);
  }

  /** All that was under way has come to its end, and every watch is up to date. Budgets don't matter any more. */
  #quiet(state: State): State {
    const { world, controllers } = this.#simulation;
    const { layout } = world;
    let next: State = state.slice();
    for (const at of layout.controllersAt) next = this.#workOff(next, at);
    for (const column of layout.lateAt) {
      const number = read(next, column);
      if (number !== 0)
        next = withValues(controllers.server.receive(next, controllers.works.write(number)).state, [column, 0]);
    }
    const first = layout.controllersAt[0] ?? layout.size;
    return next.slice().fill(0, first);
  }

  /** A key's work, request by request; a controller that never stops asking is a hot loop. */
  #workOff(state: State, at: number): State {
    let next: State = state;
    for (let requests = 0; read(next, at) !== 0; requests += 1) {
      if (requests > MOST_REQUESTS) throw new Violation("liveness", "a controller makes requests without end");
      next = this.#simulation.controllers.step(next, at);
    }
    return next;
  }

  #nextRound(state: State): State {
    const { world, controllers, progress } = this.#simulation;
    const at = world.layout.controllersAt[0] ?? 0;
    let next: State = state;
    for (const key of controllers.keys.keys()) {
      next = this.#workOff(withValues(next, [at, controllers.pick(next, at, key)]), at);
    }
    for (const move of progress) next = move.take(next) ?? next;
    for (const index of world.indices) next = commit(world, next, index) ?? next;
    if (packed(next) !== packed(state)) return next;
    const later = tick(world, next, world.bounds.ticks + MOST_TICKS);
    if (later === undefined) throw new Violation("liveness", "nothing happens any more, and not all has ended");
    return later;
  }

  #hasEnded(state: State): boolean {
    const { world } = this.#simulation;
    const lock = world.table.get(read(state, LOCK_SLOT)) as TargetLock | undefined;
    const isFree = lock === undefined || lock.spec.state === "Free";
    return isFree && world.indices.every((index) => this.#hasExecutionEnded(state, index));
  }

  #hasExecutionEnded(state: State, index: number): boolean {
    const { world } = this.#simulation;
    const execution = world.execution(state, index);
    const hasPendingRun = world.run(state, index)?.isPending === true;
    return !hasPendingRun && (execution === undefined || (execution.isTerminal && !execution.isDeleting));
  }
}
