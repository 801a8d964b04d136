/** What must be so when a run is started: I2, I4 and the like. Read from what the checker remembers, not from the lock. */
import { EFFECTS, type Effect } from "./facts.ts";
import { read, withValues, type Ghost, type State } from "./layout.ts";
import { runNumber } from "./subjects.ts";
import type { World } from "./world.ts";

interface Start {
  readonly index: number;
  /** Of the run. */
  readonly uid: string;
}

/** Checks the start of a run, and notes it. Throws Violation. */
export function checkStart(world: World, start: Start, state: State): State {
  const { index, uid } = start;
  const { layout } = world;
  const column = layout.ghost(index, "started");
  world.must(read(state, column) === 0, "I2", `a second run was started, ${uid}`);
  checkIntent(world, index, state);
  const fence = checkBinding(world, start, state);
  const past = endingsOf(world, state);
  checkCooldown(world, { index, past }, state);
  checkBlocks(world, { index, past });
  checkBackoff(world, { index, past }, state);
  return withValues(state, [column, runNumber(uid)], [layout.fact("fence"), fence]);
}

/** In mode strict the intent to start it is committed before. It leaves the outbox only then (outbox-invariants.ts). */
function checkIntent(world: World, index: number, state: State): void {
  if (world.bounds.policy.auditMode !== "strict") return;
  const { intent = 0 } = world.execution(state, index) ?? {};
  const committed = read(state, world.layout.ghost(index, "receipt"));
  world.must(intent <= committed, "audit", "a run was started before the intent to start it was committed");
}

/** Answers with the lock and epoch under which it is started; of an execution that was removed by force nobody knows. */
function checkBinding(world: World, { index, uid }: Start, state: State): number {
  const { layout } = world;
  const before = read(state, layout.fact("fence"));
  if (read(state, layout.ghost(index, "removed")) === 1) return before;
  const { run = "", fence = 0 } = world.execution(state, index) ?? {};
  world.must(run === uid, "I2", `${uid} was started and isn't the run of its execution`);
  world.must(fence > before, "I5", "a run was started under an earlier lock or epoch");
  return fence;
}

/** An execution that has ended, as the checker remembers it. */
interface Ended {
  readonly index: number;
  readonly effect: number;
  /** Moment (ms). */
  readonly at: number;
  readonly order: number;
  readonly isCleared: boolean;
}

interface Case {
  readonly index: number;
  readonly past: readonly Ended[];
}

function endingsOf(world: World, state: State): readonly Ended[] {
  function ghost(index: number, name: Ghost): number {
    return read(state, world.layout.ghost(index, name));
  }
  return world.indices
    .filter((index) => ghost(index, "effect") > EFFECTS.nothing)
    .map((index) => ({
      index,
      effect: ghost(index, "effect"),
      at: world.momentOf(ghost(index, "endedAt")),
      order: ghost(index, "order"),
      isCleared: ghost(index, "cleared") === 1,
    }));
}

/** The executions of the same workflow that ended like that. */
function sameWorkflow(world: World, { index, past }: Case, ...effects: readonly Effect[]): readonly Ended[] {
  const workflow = world.subjects[index]?.asked.workflow;
  const wanted: readonly number[] = effects.map((effect) => EFFECTS[effect]);
  return past.filter((one) => world.subjects[one.index]?.asked.workflow === workflow && wanted.includes(one.effect));
}

/** I4: the next run of the same workflow starts after the cooldown of the last one. */
function checkCooldown(world: World, one: Case, state: State): void {
  for (const { at } of sameWorkflow(world, one, "cooldown")) {
    const since = world.now(state) - at;
    world.must(since >= world.bounds.policy.cooldownMs, "I4", `a run was started ${String(since)} ms after a success`);
  }
}

/** What ran and failed is not run again, under whatever name, until a person has cleared it. */
function checkBlocks(world: World, { index, past }: Case): void {
  const wanted = world.subjects[index];
  for (const other of past) {
    const failed = world.subjects[other.index];
    if (other.effect !== EFFECTS.block || other.isCleared || failed === undefined) continue;
    const isSame = failed.asked.workflow === wanted?.asked.workflow || failed.bundle === wanted?.bundle;
    world.must(
      !isSame,
      "block",
      `a run was started though ${failed.name} had run and failed, and nobody has cleared it`,
    );
  }
}

/** After failures before anything ran, the same workflow waits longer and longer, and then for a person. */
function checkBackoff(world: World, one: Case, state: State): void {
  const { backoffBaseMs, backoffMaxMs, maxConsecutiveFailures } = world.bounds.policy;
  const reset = Math.max(0, ...sameWorkflow(world, one, "cooldown", "block").map(({ order }) => order));
  const failures = sameWorkflow(world, one, "backoff").filter(({ order, isCleared }) => order > reset && !isCleared);
  if (failures.length === 0) return;
  const times = `${String(failures.length)} failures in a row`;
  world.must(failures.length < maxConsecutiveFailures, "block", `a run was started after ${times}`);
  const since = world.now(state) - Math.max(...failures.map(({ at }) => at));
  const backoff = Math.min(backoffBaseMs * 2 ** (failures.length - 1), backoffMaxMs);
  world.must(since >= backoff, "backoff", `a run was started ${String(since)} ms after the last of ${times}`);
}
