import type { LockRef } from "../../../pkg/api/workflow-execution.ts";
import type { TargetLock } from "../../../pkg/api/target-lock.ts";
import { isTerminal } from "../../../pkg/execution/conditions.ts";
import type { Change } from "../change.ts";
import { nameOf, type Ledger } from "../ledger.ts";
import type { Judge } from "../moment.ts";
import type { Scene } from "../scene.ts";

/**
 * I5 for locks: a lock passes from one holder to the next only through Free, each taking has a number of its own that is
 * higher than all before, no execution takes it twice (its end would count twice), and an execution's status says the
 * number under which it really held the target.
 */
export function judgeEpochs(ledger: Ledger): Judge {
  const taken: Taken = { by: new Map(), highest: new Map() };
  return ({ change, scene }) => {
    if (change.kind === "execution") checkReference(ledger, change, taken);
    if (change.kind !== "lock" || change.after === undefined) return;
    const specs = { before: change.before?.spec, after: change.after.spec };
    const found = isTaking(specs) ? take(ledger, { uid: change.uid, ...specs }, taken) : driftsOf(specs);
    for (const what of found) breach(ledger, change, what);
    if (isTaking(specs) && hasEnded(scene, change.after)) ledger.count("takes after the end");
  };
}

interface Taken {
  /** uid of the execution that took a lock, by the lock's uid and the epoch. */
  readonly by: Map<string, string>;
  /** The highest epoch so far, by the lock's uid. */
  readonly highest: Map<string, number>;
}

type Spec = TargetLock["spec"];

interface Specs {
  readonly before: Spec | undefined;
  readonly after: Spec;
}

function isTaking({ before, after }: Specs): boolean {
  return after.holder !== undefined && after.holder.uid !== before?.holder?.uid;
}

/** Notes who took it. Gives what is wrong with it. */
function take(
  ledger: Ledger,
  { uid, before, after }: Specs & { readonly uid: string },
  taken: Taken,
): readonly string[] {
  ledger.count("takes");
  const last = taken.highest.get(uid) ?? 0;
  const taker = after.holder?.uid ?? "";
  const isAgain = [...taken.by.values()].includes(taker);
  taken.highest.set(uid, Math.max(last, after.epoch));
  taken.by.set(fence(uid, after.epoch), taker);
  return [
    ...(before?.holder === undefined ? [] : [`passed from ${before.holder.uid} without being given back`]),
    ...(after.epoch > last ? [] : [`was taken under epoch ${String(after.epoch)} after ${String(last)}`]),
    ...(after.state === "Held" ? [] : [`was taken as ${after.state}`]),
    ...(isAgain ? [`was taken a second time for execution ${taker}`] : []),
  ];
}

function hasEnded(scene: Scene, { spec }: TargetLock): boolean {
  const taker = scene.get("execution", spec.holder?.uid);
  return taker === undefined || taker.isGone || isTerminal(taker.object.status?.phase);
}

function driftsOf({ before, after }: Specs): readonly string[] {
  if (before === undefined) return [];
  return [
    ...(before.epoch === after.epoch ? [] : [`went from epoch ${String(before.epoch)} to ${String(after.epoch)}`]),
    ...(keepsRun(before, after)
      ? []
      : [`was bound to run ${before.run?.uid ?? ""}, then to ${after.run?.uid ?? "none"}`]),
    ...(before.targetResource === after.targetResource ? [] : ["became the lock of another target"]),
  ];
}

/** As long as it is held. */
function keepsRun(before: Spec, after: Spec): boolean {
  return before.run === undefined || after.holder === undefined || before.run.uid === after.run?.uid;
}

function checkReference(ledger: Ledger, change: Change<"execution">, taken: Taken): void {
  const lock = lockOf(change.after);
  if (lock === undefined || lockOf(change.before) !== undefined) return;
  const taker = taken.by.get(fence(lock.uid, lock.epoch)) ?? "nobody";
  if (taker === change.uid) return;
  ledger.violate({
    invariant: "I5",
    revisions: [change.revision],
    objects: [nameOf("execution", change.object)],
    sentence: `execution ${change.object.metadata.name} says that it took ${lock.name} (${lock.uid}) under epoch ${String(lock.epoch)}, but ${taker} did`,
  });
}

function lockOf(execution: Change<"execution">["after"]): LockRef | undefined {
  return execution?.status?.locks?.[0];
}

function fence(uid: string, epoch: number): string {
  return `${uid}/${String(epoch)}`;
}

function breach(ledger: Ledger, { revision, object }: Change<"lock">, what: string): void {
  ledger.violate({
    invariant: "I5",
    revisions: [revision],
    objects: [nameOf("lock", object)],
    sentence: `lock ${object.metadata.name} ${what}`,
  });
}
