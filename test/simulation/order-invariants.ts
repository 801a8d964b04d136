import type { TargetLock, WorkflowHistory } from "../../pkg/api/target-lock.ts";
import type { Bounds } from "./bounds.ts";
import { read, type State } from "./layout.ts";
import type { Subject } from "./subjects.ts";
import type { World } from "./world.ts";

interface Taking {
  readonly before: TargetLock | undefined;
  readonly after: TargetLock;
}

/**
 * Whoever takes the target overtakes nobody who has said before that it waits, and could start now. That is a matter of
 * fairness, decided from caches: with several controllers, or watches that lag, it may fail for a moment. Throws
 * Violation.
 */
export function checkOrder(world: World, { before, after }: Taking, state: State): void {
  if (!isStrict(world.bounds)) return;
  const taker = world.subjects.findIndex(({ uid }) => uid === after.spec.holder?.uid);
  for (const { index, name } of world.subjects) {
    if (index === taker || !isWaiting(world, state, index) || !isEarlier(world, state, { index, than: taker }))
      continue;
    const isOvertaken = mayStart(world, { index, lock: before }, state);
    world.must(!isOvertaken, "order", `${name} waits for the target, and ${after.spec.holder?.name ?? ""} overtook it`);
  }
}

function isStrict({ controllers, budgets, areReadsInstant }: Bounds): boolean {
  return controllers === 1 && budgets.lags === 0 && budgets.lates === 0 && areReadsInstant;
}

function isWaiting(world: World, state: State, index: number): boolean {
  const execution = world.execution(state, index);
  return execution?.isWaiting === true && !execution.isDeleting;
}

function isEarlier(world: World, state: State, { index, than }: { index: number; than: number }): boolean {
  const [created, other] = [index, than].map((one) => creationOf(world, state, one));
  return (created ?? 0) < (other ?? 0) || (created === other && index < than);
}

function creationOf(world: World, state: State, index: number): number {
  const execution = world.table.get(read(state, world.layout.slot(index, "execution")));
  return Date.parse(execution?.metadata.creationTimestamp ?? "");
}

/** Nothing in the lock's record holds it back, and it isn't too late. */
function mayStart(
  world: World,
  { index, lock }: { index: number; lock: TargetLock | undefined },
  state: State,
): boolean {
  const now = world.now(state);
  if (now >= creationOf(world, state, index) + world.bounds.policy.defaultMaxDelayMs) return false;
  const subject = world.subjects[index];
  return !(lock?.spec.workflows ?? []).some((entry) => subject !== undefined && isObstacle(entry, subject, now));
}

function isObstacle(entry: WorkflowHistory, { asked, bundle }: Subject, now: number): boolean {
  const isSame = entry.workflowId === asked.workflow;
  if (entry.blockedBy !== undefined) return isSame || entry.bundle?.repository.endsWith(`/${bundle}`) === true;
  return isSame && [entry.cooldownEndsAt, entry.nextAllowedAt].some((time) => Date.parse(time ?? "") > now);
}
