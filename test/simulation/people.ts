/** What people, the audit side and the clock do. */
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import { ANNOTATION_CLEAR_BLOCK, ANNOTATION_CLEARED_BY } from "../../pkg/api/labels.ts";
import { cancelMoves } from "./cancelling.ts";
import { deletedObject } from "./api-request.ts";
import { isLiveRun } from "./facts.ts";
import { LOCK_SLOT, read, withValues, type State } from "./layout.ts";
import { aMove, onBudget, type Move } from "./move.ts";
import type { Subject } from "./subjects.ts";
import { STALE_VIEW } from "./tekton.ts";
import type { World } from "./world.ts";

/** Acts of people, commits of the audit side, and the clock. */
export function peopleMoves(world: World): readonly Move[] {
  const { bounds, subjects } = world;
  const workflows = [...new Set(subjects.map(({ asked }) => asked.workflow))];
  const { ticks, days, budgets } = bounds;
  const time = [
    ...(ticks > 0 ? [aMove("time goes by", (state) => pass(world, state, { step: "tick", most: ticks }))] : []),
    ...(days > 0 ? [aMove("a day goes by", (state) => pass(world, state, { step: "day", most: days }))] : []),
  ];
  const ofLock = aMove("the audit of the lock is committed", (state) => commitOfLock(world, state));
  return [
    ...subjects.flatMap((subject) => [...movesOn(world, subject), ...cancelMoves(world, subject)]),
    ...onBudget("wishes", ...workflows.map((workflow) => wishOnLock(world, workflow))),
    ...(budgets.wishes > 0 ? [ofLock] : []),
    ...time.map((move) => ({ ...move, part: "time" as const })),
  ];
}

function movesOn(world: World, subject: Subject): readonly Move[] {
  const { index, name, asked } = subject;
  function move(kind: string, take: (state: State) => State | undefined, what = kind): Move {
    return aMove(kind, take, () => `${what} ${name}`);
  }
  return [
    ...onBudget(
      "deletions",
      move("a user deletes the execution", (state) => deleteExecution(world, state, index), "a user deletes"),
    ),
    ...onBudget(
      "removals",
      move(
        "somebody removes the finalizer",
        (state) => remove(world, state, index),
        "somebody removes the finalizer of",
      ),
    ),
    ...onBudget(
      "losses",
      move("somebody deletes the run", (state) => loseRun(world, state, index), "somebody deletes the run of"),
    ),
    ...onBudget(
      "wishes",
      move("a user clears an execution", (state) => wishOnExecution(world, state, index), "a user clears"),
      move("a user takes a wish back", (state) => takeBack(world, state, index), "a user takes the wish back for"),
    ),
    move("the audit is committed", (state) => commit(world, state, index), "the audit is committed of"),
    ...(asked.comesLater === true
      ? [move("an execution is asked for", (state) => ask(world, state, subject), "somebody asks for")]
      : []),
  ];
}

/** How far the clock goes, and when it stops for good. */
export interface Passing {
  readonly step: "tick" | "day";
  readonly most: number;
}

/** Time moves on; no view of Tekton is older than that, and no request is under way for a day. */
export function pass(world: World, state: State, { step, most }: Passing): State | undefined {
  const { layout } = world;
  const now = world.laterBy(read(state, layout.now), step, most);
  if (now === undefined) return undefined;
  const isAnswerAwaited = layout.controllersAt.some((at) => read(state, at) !== 0);
  if (isAnswerAwaited && (world.bounds.areAnswersPrompt || step === "day")) return undefined;
  if (step === "day" && layout.lateAt.some((column) => read(state, column) !== 0)) return undefined;
  const lost = world.indices.map((index) => layout.ghost(index, "lost"));
  return withValues(state, [layout.now, now], ...lost.map((at) => [at, Math.min(read(state, at), 1)] as const));
}

/** The audit side commits all events of that execution. */
export function commit(world: World, state: State, index: number): State | undefined {
  const execution = world.execution(state, index);
  const column = world.layout.ghost(index, "receipt");
  if (execution === undefined || read(state, column) >= execution.lastEvent) return undefined;
  return world.bounds.commits || execution.isDeletionRecorded
    ? withValues(state, [column, execution.lastEvent])
    : undefined;
}

/** The audit side commits all events of the lock. */
export function commitOfLock(world: World, state: State): State | undefined {
  const lock = world.lock(state);
  const column = world.layout.fact("lockReceipt");
  if (lock === undefined || read(state, column) >= lock.lastEvent) return undefined;
  return withValues(state, [column, lock.lastEvent]);
}

function ask(world: World, state: State, subject: Subject): State | undefined {
  const slot = world.layout.slot(subject.index, "execution");
  // Asked for once: one that is gone has left its outbox, or was removed.
  const isPast = (["receipt", "removed"] as const).some(
    (ghost) => read(state, world.layout.ghost(subject.index, ghost)) !== 0,
  );
  if (read(state, slot) !== 0 || isPast) return undefined;
  return withValues(state, [slot, world.born(subject, world.timestamp(state))]);
}

function deleteExecution(world: World, state: State, index: number): State | undefined {
  const execution = world.execution(state, index);
  if (execution === undefined || execution.isDeleting) return undefined;
  const spent = world.spend(state, "deletions");
  if (spent === undefined) return undefined;
  const slot = world.layout.slot(index, "execution");
  const now = world.timestamp(state);
  return withValues(spent, [
    slot,
    world.edit(read(state, slot), `delete ${now}`, (object) => deletedObject(object, { now })),
  ]);
}

/** By force: the execution is gone, whatever was still to be done for it. */
function remove(world: World, state: State, index: number): State | undefined {
  const { layout } = world;
  const slot = layout.slot(index, "execution");
  const spent = read(state, slot) === 0 ? undefined : world.spend(state, "removals");
  return spent && withValues(spent, [slot, 0], [layout.ghost(index, "removed"), 1]);
}

/** In the background: the run is gone at once, its children later. */
function loseRun(world: World, state: State, index: number): State | undefined {
  const run = world.run(state, index);
  if (run === undefined) return undefined;
  const spent = world.spend(state, "losses");
  if (spent === undefined) return undefined;
  const { layout } = world;
  const lost = isLiveRun(run) && !run.isDeleting ? STALE_VIEW : 1;
  return withValues(spent, [layout.slot(index, "run"), 0], [layout.ghost(index, "lost"), lost]);
}

/** By an annotation of the execution, whether it blocks anything or not. */
function wishOnExecution(world: World, state: State, index: number): State | undefined {
  const execution = world.execution(state, index);
  if (execution === undefined || execution.isWishing) return undefined;
  const spent = world.spend(state, "wishes");
  return (
    spent && withWish(world, spent, { slot: world.layout.slot(index, "execution"), text: "repaired", of: [index] })
  );
}

/** The annotation is taken off again. */
function takeBack(world: World, state: State, index: number): State | undefined {
  if (world.execution(state, index)?.isWishing !== true) return undefined;
  const spent = world.spend(state, "wishes");
  const slot = world.layout.slot(index, "execution");
  const edited = world.edit(read(state, slot), "take back", ({ metadata, ...object }: KubernetesObject) => ({
    ...object,
    metadata: { ...metadata, generation: (metadata.generation ?? 0) + 1, annotations: {} },
  }));
  return spent && withValues(spent, [slot, edited]);
}

/** By an annotation of the lock, whether anything is blocked or not. */
function wishOnLock(world: World, workflow: string): Move {
  const of = world.subjects.filter(({ asked }) => asked.workflow === workflow).map(({ index }) => index);
  function take(state: State): State | undefined {
    const spent = read(state, LOCK_SLOT) === 0 ? undefined : world.spend(state, "wishes");
    return spent && withWish(world, spent, { slot: LOCK_SLOT, text: `${workflow}: repaired`, of });
  }
  return aMove("a user clears on the lock", take, () => `a user clears ${workflow} on the lock`);
}

interface Wish {
  readonly slot: number;
  readonly text: string;
  /** The executions whose blocks it may lift. */
  readonly of: readonly number[];
}

/** Each edit is a new generation: an object whose annotation is taken off again is not what it was before. */
function withWish(world: World, state: State, { slot, text, of }: Wish): State {
  const edited = world.edit(read(state, slot), `clear ${text}`, ({ metadata, ...object }: KubernetesObject) => ({
    ...object,
    metadata: {
      ...metadata,
      generation: (metadata.generation ?? 0) + 1,
      annotations: { ...metadata.annotations, [ANNOTATION_CLEAR_BLOCK]: text, [ANNOTATION_CLEARED_BY]: "ann" },
    },
  }));
  return withValues(state, [slot, edited], ...of.map((index) => [world.layout.ghost(index, "wished"), 1] as const));
}
