/** What can happen to a controller: it works, crashes, loses sight of a request, or its caches lag. */
import type { Request } from "../../pkg/controller/perform.ts";
import { LOCK_SLOT, ownerOf, range, read, withValues, type State } from "./layout.ts";
import type { CreationRefusal } from "./bounds.ts";
import type { Controllers } from "./controller.ts";
import { aMove, onBudget, type Move } from "./move.ts";
import type { World } from "./world.ts";

const STEPS: readonly Request["type"][] = [
  ...(["Look", "AddFinalizer", "RemoveFinalizer", "WriteStatus", "CreateLock", "UpdateLock", "CreateRun"] as const),
  ...(["StartRun", "CancelRun", "CancelTaskRun", "DeleteRun", "DeletePod", "DeleteLock", "ReadLog"] as const),
];
const REQUESTS = STEPS.map((type) => `request: ${type}`);

/** The moves of the controller with that index. */
export function controllerMoves(world: World, controllers: Controllers, index: number): readonly Move[] {
  const at = world.layout.controllersAt[index] ?? 0;
  const name = `controller ${"ABC"[index] ?? ""}`;
  function next(state: State): string {
    return whatIsNext(controllers, state, at);
  }
  return [
    {
      part: "request",
      kinds: REQUESTS,
      kind: (state) => `request: ${controllers.works.get(read(state, at)).step.type}`,
      take: (state) => (read(state, at) === 0 ? undefined : controllers.step(state, at).state),
      describe: (state) => `${name}: ${next(state)}`,
    },
    ...onBudget(
      "crashes",
      aMove(
        "a controller crashes",
        (state) => crash(world, controllers, { state, at }),
        (state) => `${name} crashes before ${next(state)}`,
      ),
    ),
    ...onBudget(
      "lates",
      aMove(
        "a request outlives its sender",
        (state) => outlive(world, controllers, state, at),
        (state) => `${name} gets no answer to ${next(state)}`,
      ),
    ),
    ...controllers.keys.map((key, number) => ({
      ...aMove(
        "a key is taken up",
        (state) => pick(controllers, state, at, number),
        () => `${name} takes up ${key}`,
      ),
      part: "key" as const,
    })),
    ...onBudget(
      "refusals",
      ...world.bounds.refusals.map((refusal) => refusalMove(world, controllers, { at, name, refusal })),
    ),
    ...onBudget("lags", ...range(world.layout.slots).flatMap((slot) => cacheMoves(world, { at, name, slot }))),
  ];
}

/** The arrival of requests whose senders are gone or don't wait any more. */
export function lateMoves(world: World, controllers: Controllers): readonly Move[] {
  const arrivals = world.layout.lateAt.map((column) =>
    aMove(
      "a late request arrives",
      (state) => arrive(controllers, state, column),
      (state) => `late: ${controllers.works.write(read(state, column)).text}`,
    ),
  );
  return arrivals.slice(0, world.bounds.budgets.lates);
}

function pick(controllers: Controllers, state: State, at: number, key: number): State | undefined {
  if (read(state, at) !== 0) return undefined;
  const { work } = controllers.afterReads(state, controllers.pick(state, at, key));
  return work === 0 ? undefined : withValues(state, [at, work]);
}

interface Refusal {
  readonly at: number;
  readonly name: string;
  readonly refusal: CreationRefusal;
}

/** For good: the API server, or an admission rule, takes this run never. For now: a quota, or an answer that says nothing. */
function refusalMove(world: World, controllers: Controllers, { at, name, refusal }: Refusal): Move {
  function take(state: State): State | undefined {
    const refused = controllers.refuse(state, at, refusal);
    return refused && world.spend(refused, "refusals");
  }
  return aMove(`a creation is refused: ${refusal}`, take, () => `${name}'s creation of the run is refused: ${refusal}`);
}

/**
 * Its memory is gone, its request was never sent. Its caches may show anything older still. A crash before it has done
 * anything for the key is as if it hadn't taken it up.
 */
function crash(world: World, controllers: Controllers, { state, at }: Place): State | undefined {
  if (read(state, at) === 0 || !controllers.works.get(read(state, at)).isUnderWay) return undefined;
  const spent = world.spend(state, "crashes");
  return spent === undefined ? undefined : withValues(spent, [at, 0]);
}

interface Place {
  readonly state: State;
  readonly at: number;
}

/** The sender hears nothing (a timeout, or its crash); the request is still under way. */
function outlive(world: World, controllers: Controllers, state: State, at: number): State | undefined {
  if (read(state, at) === 0) return undefined;
  const { write } = controllers.works.get(read(state, at));
  const free = world.layout.lateAt.find((column) => read(state, column) === 0);
  if (write === undefined || free === undefined) return undefined;
  const spent = world.spend(state, "lates");
  return spent === undefined ? undefined : withValues(spent, [at, 0], [free, write.number]);
}

function arrive(controllers: Controllers, state: State, column: number): State | undefined {
  const number = read(state, column);
  if (number === 0) return undefined;
  return withValues(controllers.server.receive(state, controllers.works.write(number)).state, [column, 0]);
}

interface Cache {
  readonly at: number;
  readonly name: string;
  readonly slot: number;
}

/** A watch lags: what the cache shows of an object stays as it is, or of an execution there is nothing yet. */
function cacheMoves(world: World, { at, name, slot }: Cache): readonly Move[] {
  const column = world.layout.cache(at, slot);
  if (column === undefined) return [];
  const what = slot === LOCK_SLOT ? "the lock" : nameOfSlot(world, slot);
  function show(state: State, shown: number): State | undefined {
    const spent = read(state, column ?? 0) === 0 ? world.spend(state, "lags") : undefined;
    return spent && withValues(spent, [column ?? 0, shown + 1]);
  }
  const isExecution = ownerOf(slot)?.kind === "execution";
  return [
    aMove(
      "a watch lags",
      (state) => show(state, read(state, slot)),
      () => `${name} is told no more of ${what}`,
    ),
    aMove(
      "a watch catches up",
      (state) => (read(state, column) === 0 ? undefined : withValues(state, [column, 0])),
      () => `${name} is told of ${what}`,
    ),
    ...(isExecution
      ? [
          aMove(
            "a watch is late",
            (state) => show(state, 0),
            () => `${name} wasn't told yet of ${what}`,
          ),
        ]
      : []),
  ];
}

function nameOfSlot({ subjects }: World, slot: number): string {
  const { index = 0, kind = "" } = ownerOf(slot) ?? {};
  return `the ${kind} of ${subjects[index]?.name ?? ""}`;
}

function whatIsNext(controllers: Controllers, state: State, at: number): string {
  const { step, write } = controllers.works.get(read(state, at));
  if (write !== undefined) return write.text;
  return step.type === "Look" ? `Look at ${step.object}` : step.type;
}
