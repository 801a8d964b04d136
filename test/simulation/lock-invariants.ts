/** What may become of the lock: its states and epochs, and what its record remembers. */
import type { LockHolder, TargetLock, WorkflowHistory } from "../../pkg/api/target-lock.ts";
import { noteRemovedEnd } from "./ending-invariants.ts";
import { EFFECTS } from "./facts.ts";
import { read, withValues, type State } from "./layout.ts";
import { checkOutbox } from "./outbox-invariants.ts";
import { checkOrder } from "./order-invariants.ts";
import type { World } from "./world.ts";

interface LockChange {
  readonly before: TargetLock | undefined;
  readonly after: TargetLock | undefined;
}

/** Checks a change of the lock, and notes what the checker has to remember of it. Throws Violation. */
export function checkLock(world: World, { before, after }: LockChange, state: State): State {
  if (before === undefined) return after === undefined ? state : checkCreation(world, after, state);
  return after === undefined ? checkRemoval(world, before, state) : checkUpdate(world, { before, after }, state);
}

interface Update {
  readonly before: TargetLock;
  readonly after: TargetLock;
}

function checkUpdate(world: World, { before, after }: Update, state: State): State {
  const committed = read(state, world.layout.fact("lockReceipt"));
  checkTransition(world, { before, after });
  checkOutbox(world, { before: before.spec.audit, after: after.spec.audit, committed });
  const [was, is] = [before.spec.state, after.spec.state];
  if (is === "Held" && was !== "Held") checkOrder(world, { before, after }, state);
  const released = is === "Free" ? checkRelease(world, { before, after }, state) : state;
  return (before.spec.workflows ?? []).reduce((kept, entry) => checkKept(world, { entry, after }, kept), released);
}

/** A lock is made because somebody takes it. */
function checkCreation(world: World, after: TargetLock, state: State): State {
  const { state: is, epoch } = after.spec;
  world.must(is === "Held" && epoch === 1, "I5", `a lock was made as ${is} with epoch ${String(epoch)}`);
  checkOrder(world, { before: undefined, after }, state);
  return withValues(state, [world.layout.fact("lockReceipt"), 0]);
}

/** What a record may become by a write. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  Free: ["Free", "Held"],
  Held: ["Free", "Held", "Bound"],
  Bound: ["Free", "Bound"],
};

function checkTransition(world: World, { before, after }: Update): void {
  const from = before.spec.state;
  const to = after.spec.state;
  const epochs = after.spec.epoch - before.spec.epoch;
  const isTaking = from === "Free" && to === "Held";
  world.must(epochs === (isTaking ? 1 : 0), "I5", `epoch +${String(epochs)} from ${from} to ${to}`);
  world.must(NEXT[from]?.includes(to) === true, "I5", `the lock went from ${from} to ${to}`);
  const isSameHolder = isTaking || to === "Free" || before.spec.holder?.uid === after.spec.holder?.uid;
  world.must(isSameHolder, "I5", "the lock has another holder under the same epoch");
}

/** Nothing of the holder acts any more, or will; what became of it is taken into the record once. */
function checkRelease(world: World, { before, after }: Update, state: State): State {
  const { holder } = before.spec;
  const index = world.subjects.findIndex(({ uid }) => uid === holder?.uid);
  if (holder === undefined || index < 0) return state;
  const execution = world.execution(state, index);
  world.must(!world.isLive(state, index), "release", "the target was given back while something of its holder acts");
  world.must(execution?.isTerminal !== false, "release", "the target was given back before its holder had ended");
  const isRemoved = (["removed", "started"] as const).every(
    (name) => read(state, world.layout.ghost(index, name)) !== 0,
  );
  if (!isTakenIn(holder, { before, after })) {
    world.must(!isRemoved, "history", `the record says nothing of ${holder.name}, which was removed by force`);
    return state;
  }
  const counted = world.layout.ghost(index, "counted");
  world.must(read(state, counted) === 0, "history", `the end of ${holder.name} was taken into the record twice`);
  const taken = withValues(state, [counted, 1]);
  return isRemoved ? noteRemovedEnd(world, { index, entry: entryOf(after, holder.workflowId) }, taken) : taken;
}

function isTakenIn({ uid, workflowId }: LockHolder, { before, after }: Update): boolean {
  const [was, is] = [before, after].map((lock) => entryOf(lock, workflowId));
  return is?.lastExecution?.uid === uid && JSON.stringify(was) !== JSON.stringify(is);
}

function entryOf({ spec }: TargetLock, workflowId: string): WorkflowHistory | undefined {
  return spec.workflows?.find((entry) => entry.workflowId === workflowId);
}

/** A lock is only removed where it holds nothing that anybody may need. */
function checkRemoval(world: World, { spec }: TargetLock, state: State): State {
  world.must(spec.state === "Free", "history", `the lock was removed while it was ${spec.state}`);
  world.must((spec.audit?.pending ?? []).length === 0, "audit", "the lock was removed with events in its outbox");
  for (const entry of spec.workflows ?? []) {
    world.must(entry.blockedBy === undefined, "history", `the block of ${entry.workflowId} was removed with the lock`);
    const isOver = (entry.consecutiveFailures ?? 0) === 0 && !isAhead(world, entry.cooldownEndsAt, state);
    world.must(isOver, "history", `what the lock remembers of ${entry.workflowId} was removed with it`);
  }
  return state;
}

function isAhead(world: World, time: string | undefined, state: State): boolean {
  return time !== undefined && Date.parse(time) > world.now(state);
}

interface Kept {
  readonly entry: WorkflowHistory;
  readonly after: TargetLock;
}

function checkKept(world: World, { entry, after }: Kept, state: State): State {
  const { workflowId } = entry;
  const kept = entryOf(after, workflowId);
  const end = Date.parse(entry.cooldownEndsAt ?? "");
  const keepsCooldown = !(end > world.now(state)) || Date.parse(kept?.cooldownEndsAt ?? "") >= end;
  world.must(keepsCooldown, "history", `the cooldown of ${workflowId} was lost`);
  if (entry.blockedBy === undefined || kept?.blockedBy !== undefined) return state;
  return checkClearing(world, { entry, after }, state);
}

/** A block goes because a person wanted it, and that is on record: in the outbox of the lock, or of the execution. */
function checkClearing(world: World, { entry, after }: Kept, state: State): State {
  const { layout, subjects } = world;
  const { workflowId, blockedBy } = entry;
  const index = subjects.findIndex(({ uid }) => uid === blockedBy?.uid);
  const isWished = read(state, layout.ghost(index, "wished")) === 1;
  world.must(isWished, "history", `the block of ${workflowId} was lifted and nobody had asked for it`);
  const isRecorded = read(state, layout.ghost(index, "recorded")) === 1 || isClearingIn(after, blockedBy?.uid);
  world.must(isRecorded, "history", `the block of ${workflowId} was lifted and that is on no record`);
  const forgiven = subjects.filter((subject) => {
    const effect = read(state, layout.ghost(subject.index, "effect"));
    return subject.index === index || (effect === EFFECTS.backoff && subject.asked.workflow === workflowId);
  });
  return withValues(state, ...forgiven.map((subject) => [layout.ghost(subject.index, "cleared"), 1] as const));
}

function isClearingIn({ spec }: TargetLock, uid: string | undefined): boolean {
  const events = spec.audit?.pending ?? [];
  return events.some(
    ({ type, facts }) => type === "workflowexecution.block.cleared" && facts?.["blockedExecutionUid"] === uid,
  );
}
