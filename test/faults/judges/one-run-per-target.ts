import type { Actor } from "../actors.ts";
import { nameOf, type Ledger } from "../ledger.ts";
import type { Judge, Moment } from "../moment.ts";

/** I1: at every moment at most one run can act on a target, by itself, by a task or by a pod. */
export function judgeTargets(ledger: Ledger): Judge {
  const told = new Set<string>();
  const visited = new Set<string>();
  const locks = new Set<string>();
  return (moment) => {
    checkLockName(ledger, moment, locks);
    const { began, started, actors } = moment;
    if (started !== undefined) {
      if (visited.has(started.target)) ledger.count("successions");
      visited.add(started.target);
    }
    if (began === undefined) return;
    ledger.count("actors");
    for (const other of actors.onTarget(began.target)) checkPair(ledger, began, other, told);
  };
}

/** Each pair of runs is told of once, where it overlapped first. */
function checkPair(ledger: Ledger, began: Actor, other: Actor, told: Set<string>): void {
  const pair = `${other.root}/${began.root}`;
  if (other.root === began.root || told.has(pair)) return;
  told.add(pair);
  const target = began.target === "" ? "that no label names" : began.target;
  ledger.violate({
    invariant: "I1",
    revisions: [began.since, other.since],
    objects: [began.object, other.object],
    sentence: `something of run ${began.root} can act on target ${target} while something of run ${other.root} still can`,
  });
}

/** Two records for one target would be two locks. */
function checkLockName(ledger: Ledger, { change, scene }: Moment, known: Set<string>): void {
  if (change.kind !== "lock" || change.after === undefined || known.has(change.uid)) return;
  known.add(change.uid);
  const { targetResource } = change.after.spec;
  const twin = scene
    .locks()
    .find(({ uid, object }) => uid !== change.uid && object.spec.targetResource === targetResource);
  if (twin === undefined) return;
  ledger.violate({
    invariant: "I1",
    revisions: [change.revision, twin.revision],
    objects: [nameOf("lock", change.after), nameOf("lock", twin.object)],
    sentence: `target ${targetResource} has two locks`,
  });
}
