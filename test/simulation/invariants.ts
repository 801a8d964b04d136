/** I1 to I8 of the target lock's proof, checked on every change of an object and in every state. */
import type { PipelineRun } from "../../pkg/api/tekton.ts";
import type { TargetLock } from "../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { runFacts } from "./facts.ts";
import { LOCK_SLOT, OWN_SLOTS, read, withValues, type State } from "./layout.ts";
import { checkEnding } from "./ending-invariants.ts";
import { checkLock } from "./lock-invariants.ts";
import { runNumber } from "./subjects.ts";
import type { World } from "./world.ts";

/** Checks a write that was accepted, and notes what the checker has to remember of it. Throws Violation. */
export function checkChange(world: World, before: State, after: State, slot: number): State {
  const was = read(before, slot);
  const is = read(after, slot);
  if (slot === LOCK_SLOT) {
    checkLock(
      world,
      { before: world.table.get(was) as TargetLock | undefined, after: world.object(is) as TargetLock },
      world.now(before),
    );
    return after;
  }
  const index = Math.floor((slot - 1) / OWN_SLOTS.length);
  const kind = OWN_SLOTS[(slot - 1) % OWN_SLOTS.length];
  if (kind === "run") return runChanged(world, { index, was, is }, after);
  if (kind === "execution") return executionChanged(world, { index, was, is }, after);
  return after;
}

/** Checks what must hold at every moment. Throws Violation. */
export function checkState(world: World, state: State): void {
  const live = world.indices.filter((index) => world.isLive(state, index));
  world.must(live.length <= 1, "I1", "more than one run acts on the target");
  for (const index of live) {
    const execution = world.execution(state, index);
    const name = `w${String(index + 1)}`;
    world.must(execution !== undefined, "I3", `${name} is gone and something of it acts`);
    world.must(execution?.isTerminal !== true, "I3", `${name} has ended and something of it acts`);
  }
}

interface Change {
  readonly index: number;
  readonly was: number;
  readonly is: number;
}

function runChanged(world: World, { index, was, is }: Change, state: State): State {
  const before = world.table.get(was) as PipelineRun | undefined;
  const after = world.table.get(is) as PipelineRun | undefined;
  if (after === undefined) return state;
  const now = runFacts(after);
  const wasCancelled = before !== undefined && runFacts(before).isCancelled;
  world.must(!wasCancelled || now.isCancelled, "I2", "a cancelled run was taken up again");
  const starts = !now.isPending && !now.isDeleting && (before === undefined || runFacts(before).isPending);
  return starts ? started(world, { index, after }, state) : state;
}

function started(
  world: World,
  { index, after }: { readonly index: number; readonly after: PipelineRun },
  state: State,
): State {
  const { uid = "" } = after.metadata;
  const execution = world.execution(state, index);
  const column = world.layout.ghost(index, "started");
  world.must(read(state, column) === 0, "I2", `a second run was started, ${uid}`);
  world.must(execution?.run === uid, "I2", `${uid} was started and isn't the run of its execution`);
  checkCooldown(world, index, state);
  return withValues(state, [column, runNumber(uid)]);
}

/** I4: the next run of the same workflow starts after the cooldown of the last one. */
function checkCooldown(world: World, index: number, state: State): void {
  const { bounds, layout } = world;
  for (const other of world.indices) {
    const completed = read(state, layout.ghost(other, "completed"));
    if (other === index || completed === 0 || bounds.workflows[other] !== bounds.workflows[index]) continue;
    const since = (read(state, layout.now) - (completed - 1)) * bounds.tickMs;
    world.must(since >= bounds.policy.cooldownMs, "I4", `a run was started ${String(since)} ms after the last success`);
  }
}

function executionChanged(world: World, { index, was, is }: Change, state: State): State {
  const before = world.table.get(was) as WorkflowExecution | undefined;
  const after = world.table.get(is) as WorkflowExecution | undefined;
  if (before?.status === undefined || after?.status === undefined) return state;
  const ended = checkEnding(world, { index, before, after }, state);
  return ended === "Completed"
    ? withValues(state, [world.layout.ghost(index, "completed"), read(state, world.layout.now) + 1])
    : state;
}
