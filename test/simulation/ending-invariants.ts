/** I5, I6 and I7 for executions: what a status write may change, and what its end means. */
import type { WorkflowHistory } from "../../pkg/api/target-lock.ts";
import type { WorkflowExecution, WorkflowExecutionStatus } from "../../pkg/api/workflow-execution.ts";
import { EFFECTS, OUTCOMES } from "./facts.ts";
import { read, withValues, type Ghost, type State } from "./layout.ts";
import { checkOutbox } from "./outbox-invariants.ts";
import type { World } from "./world.ts";

interface Change {
  readonly index: number;
  readonly before: WorkflowExecution;
  readonly after: WorkflowExecution;
}

const NEXT: Readonly<Record<string, readonly string[]>> = {
  Pending: ["Pending", "Running", "Completed", "Failed", "Skipped"],
  Running: ["Running", "Completed", "Failed"],
  Completed: ["Completed"],
  Failed: ["Failed"],
  Skipped: ["Skipped"],
};

/** Checks a change of an execution, and notes what the checker has to remember of it. Throws Violation. */
export function checkEnding(world: World, { index, before, after }: Change, state: State): State {
  const { layout } = world;
  const was = before.status?.phase ?? "Pending";
  const status = after.status ?? { phase: was };
  const committed = read(state, layout.ghost(index, "receipt"));
  checkOutbox(world, { before: before.status?.audit, after: status.audit, committed });
  world.must(NEXT[was]?.includes(status.phase) === true, "I5", `phase ${was} became ${status.phase}`);
  world.must(keepsRun(before, status), "I5", "executionRef changed");
  const noted = noteClearing(world, { index, before, after }, state);
  if (was === status.phase || status.phase === "Running") return noted;
  checkReason(world, { index, after, status }, state);
  checkCancel(world, { index, after, status }, state);
  return noteEnd(world, { index, status }, noted);
}

function keepsRun({ status }: WorkflowExecution, next: WorkflowExecutionStatus): boolean {
  const ref = status?.executionRef?.uid;
  return ref === undefined || next.executionRef?.uid === ref;
}

/** That a block is to be lifted is written down once, together with its event. */
function noteClearing(world: World, { index, before, after }: Change, state: State): State {
  const { blockClearance, audit } = after.status ?? {};
  if (blockClearance === undefined || before.status?.blockClearance !== undefined) return state;
  const hasEvent = audit?.pending?.at(-1)?.type === "workflowexecution.block.cleared";
  world.must(hasEvent, "audit", "a clearance was written down without its event");
  return withValues(state, [world.layout.ghost(index, "recorded"), 1]);
}

interface End {
  readonly index: number;
  readonly status: WorkflowExecutionStatus;
}

function noteEnd(world: World, { index, status }: End, state: State): State {
  const effect = effectOf(world, { index, status }, state);
  if (effect === EFFECTS.nothing) return withValues(state, [world.layout.ghost(index, "effect"), effect]);
  return noteEffect(world, { index, effect, endedAt: decidedAt(world, { index, status }, state) }, state);
}

interface Effect {
  readonly index: number;
  /** One of EFFECTS. */
  readonly effect: number;
  /** The time from which it counts. */
  readonly endedAt: number;
}

function noteEffect({ layout }: World, { index, effect, endedAt }: Effect, state: State): State {
  const ends = layout.fact("ends");
  const order = read(state, ends) + 1;
  return withValues(
    state,
    [layout.ghost(index, "effect"), effect],
    [layout.ghost(index, "endedAt"), endedAt],
    [layout.ghost(index, "order"), order],
    [ends, order],
  );
}

interface RemovedEnd {
  readonly index: number;
  /** What the lock's record says of it. */
  readonly entry: WorkflowHistory | undefined;
}

/**
 * The end of an execution that was removed by force: at least what its run tells. Where that is gone too, nobody may know
 * more than that something ran lately.
 */
export function noteRemovedEnd(world: World, { index, entry }: RemovedEnd, state: State): State {
  const written = ghostOf(world, state, index, "effect");
  const told = written === 0 ? toldByRun(world, index, state) : written;
  const isRunGone = read(state, world.layout.slot(index, "run")) === 0;
  const effect = isRunGone ? EFFECTS_WITHOUT_RUN[told] : told;
  if (effect === undefined || effect === written) return state;
  return noteEffect(world, { index, effect, endedAt: world.timeOf(Date.parse(entry?.completedAt ?? "")) }, state);
}

function toldByRun(world: World, index: number, state: State): number {
  if (ghostOf(world, state, index, "outcome") === OUTCOMES.succeeded) return EFFECTS.cooldown;
  return ghostOf(world, state, index, "worked") === 1 ? EFFECTS.block : EFFECTS.nothing;
}

/** What is left of an effect where neither execution nor run may have been read any more. */
const EFFECTS_WITHOUT_RUN: Readonly<Record<number, number>> = {
  [EFFECTS.nothing]: EFFECTS.nothing,
  [EFFECTS.cooldown]: EFFECTS.cooldown,
  [EFFECTS.backoff]: EFFECTS.nothing,
  [EFFECTS.block]: EFFECTS.cooldown,
};

/** The server's time at which the end was decided: from it cooldown and backoff are counted. */
function decidedAt(world: World, { index, status }: End, state: State): number {
  const finished = status.conditions?.find(({ type }) => type === "Finished");
  const at = Date.parse(finished?.lastTransitionTime ?? "");
  const isAfterRun = at >= world.momentOf(ghostOf(world, state, index, "doneAt"));
  world.must(isAfterRun && at <= world.now(state), "I6", "the end is said to have been at another time");
  return world.timeOf(at);
}

/** What an end means at least: the product may hold back more. */
function effectOf(world: World, { index, status }: End, state: State): number {
  const { phase, reason = "" } = status;
  if (phase === "Completed") return EFFECTS.cooldown;
  if (phase !== "Failed") return EFFECTS.nothing;
  if (ghostOf(world, state, index, "worked") === 1) return EFFECTS.block;
  const outcome = ghostOf(world, state, index, "outcome");
  const isOutOfTime = outcome === OUTCOMES.cancelled && reason === "DeadlineExceeded";
  return outcome === OUTCOMES.failed || isOutOfTime || REFUSED.includes(reason) ? EFFECTS.backoff : EFFECTS.nothing;
}

/** For its start, or since then. */
function isTimeUp(world: World, { metadata, status }: WorkflowExecution, state: State): boolean {
  const { defaultMaxDelayMs, defaultTimeoutMs } = world.bounds.policy;
  const toStart = Date.parse(metadata.creationTimestamp ?? "") + defaultMaxDelayMs;
  const toEnd = Date.parse(status?.startTime ?? "") + defaultTimeoutMs;
  return world.now(state) >= toStart || world.now(state) >= toEnd;
}

/** The creation of the run was refused for good. */
const REFUSED: readonly string[] = ["ConfigurationError", "Forbidden"];

function ghostOf(world: World, state: State, index: number, ghost: Ghost): number {
  return read(state, world.layout.ghost(index, ghost));
}

interface Ending extends End {
  readonly after: WorkflowExecution;
}

function checkReason(world: World, ending: Ending, state: State): void {
  const { index, status } = ending;
  const outcome = ghostOf(world, state, index, "outcome");
  const isStarted = ghostOf(world, state, index, "started") !== 0;
  const isDenied = status.failureDetails?.wasExecutionFailure === false && ghostOf(world, state, index, "worked") === 1;
  const why = `${status.reason ?? ""}, ${status.message ?? ""}`;
  world.must(status.phase !== "Completed" || outcome === OUTCOMES.succeeded, "I6", "Completed without a success");
  world.must(status.phase !== "Skipped" || !isStarted, "I6", "Skipped although its run was started");
  world.must(!isDenied, "I6", `Failed as if nothing had run: ${why}`);
  world.must(status.phase !== "Failed" || isReason(world, ending, state), "I7", `Failed for no reason: ${why}`);
}

/** What a person has cancelled ends as cancelled, but where its run was over before, was lost, or its time was up. */
function checkCancel(world: World, { index, after, status }: Ending, state: State): void {
  if (after.spec.cancel === undefined) return;
  const { phase, outcome, reason = "" } = status;
  world.must(phase !== "Skipped", "cancel", "Skipped although it was cancelled");
  const ended = ghostOf(world, state, index, "outcome");
  const isOver = ended === OUTCOMES.succeeded || ended === OUTCOMES.failed;
  const isOtherwise = reason === "ExternallyDeleted" || isTimeUp(world, after, state);
  const isCancelled = isOver || isOtherwise || outcome === "Cancelled";
  world.must(isCancelled, "cancel", `it was cancelled and ended ${String(outcome)}, ${reason}`);
}

function isReason(world: World, { index, after, status }: Ending, state: State): boolean {
  const outcome = ghostOf(world, state, index, "outcome");
  if (outcome === OUTCOMES.failed) return true;
  const isWanted = after.metadata.deletionTimestamp !== undefined || after.spec.cancel !== undefined;
  switch (status.reason ?? "") {
    case "ExternallyDeleted":
      return ghostOf(world, state, index, "lost") !== 0;
    case "Cancelled":
      return isWanted;
    case "ConfigurationError":
    case "Forbidden":
      return read(state, world.layout.budget("refusals")) > 0;
    case "DeadlineExceeded":
    case "ResourceExhausted":
      return isTimeUp(world, after, state);
    default:
      // A task that failed before its run was stopped.
      return outcome === OUTCOMES.cancelled && (isWanted || isTimeUp(world, after, state));
  }
}
