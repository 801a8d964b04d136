/** What lock.md section 5 promises, checked on every change of an object and in every state. */
import type { PipelineRun } from "../../pkg/api/tekton.ts";
import type { TargetLock } from "../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { checkEnding } from "./ending-invariants.ts";
import { runFacts, type RunFacts } from "./facts.ts";
import { LOCK_SLOT, ownerOf, read, type State } from "./layout.ts";
import { checkLock } from "./lock-invariants.ts";
import { checkStart } from "./start-invariants.ts";
import type { World } from "./world.ts";

/** Checks a write that was accepted, and notes what the checker has to remember of it. Throws Violation. */
export function checkChange(world: World, before: State, after: State, slot: number): State {
  const was = world.table.get(read(before, slot));
  const is = world.table.get(read(after, slot));
  const owner = ownerOf(slot);
  if (slot === LOCK_SLOT || owner === undefined) {
    return checkLock(world, { before: was as TargetLock | undefined, after: is as TargetLock | undefined }, after);
  }
  const { index, kind } = owner;
  if (kind === "run" && is !== undefined)
    return runChanged(world, { index, was: was as PipelineRun | undefined, is: is as PipelineRun }, after);
  if (kind !== "execution" || was === undefined || is === undefined) return after;
  return checkEnding(world, { index, before: was as WorkflowExecution, after: is as WorkflowExecution }, after);
}

/** Checks what must hold at every moment. Throws Violation. */
export function checkState(world: World, state: State): void {
  const live = world.indices.filter((index) => world.isLive(state, index));
  world.must(live.length <= 1, "I1", "more than one run acts on the target");
  for (const index of live) {
    // Nobody can stop what runs for an execution that is removed by force; the target stays locked.
    if (read(state, world.layout.ghost(index, "removed")) === 1) continue;
    const execution = world.execution(state, index);
    const name = `w${String(index + 1)}`;
    world.must(execution !== undefined, "I3", `${name} is gone and something of it acts`);
    world.must(execution?.isTerminal !== true, "I3", `${name} has ended and something of it acts`);
  }
}

/** Before its creation: it acts as little as one that is Pending. */
const UNBORN: RunFacts = { isPending: true, hasBegun: false, isDone: false, isDeleting: false, stop: 0 };

interface RunChange {
  readonly index: number;
  readonly was: PipelineRun | undefined;
  readonly is: PipelineRun;
}

function runChanged(world: World, { index, was, is }: RunChange, state: State): State {
  const now = runFacts(is);
  const before = was === undefined ? UNBORN : runFacts(was);
  world.must(now.stop >= before.stop, "I2", "a run was stopped, and then less so");
  if (now.isDeleting && !before.isDeleting) checkDeletion(world, { index, before }, state);
  const starts = before.isPending && !now.isPending && !now.isDeleting;
  return starts ? checkStart(world, { index, uid: is.metadata.uid ?? "" }, state) : state;
}

interface Deletion {
  readonly index: number;
  readonly before: RunFacts;
}

/** A run that was started is kept until all is told about it: how it ended, and to the audit side. */
function checkDeletion(world: World, { index, before }: Deletion, state: State): void {
  const execution = world.execution(state, index);
  if (before.isPending || execution === undefined) return;
  world.must(before.isDone && execution.isTerminal, "I6", "a run was deleted before its execution had ended");
  const isCommitted = read(state, world.layout.ghost(index, "receipt")) >= execution.lastEvent;
  world.must(isCommitted || execution.isDeleting, "audit", "a run was deleted before its events were committed");
}
