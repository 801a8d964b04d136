import { isTerminal } from "../../../pkg/execution/conditions.ts";
import { changesOf, inOrder, type Change } from "./change.ts";

/**
 * Every decision that a recorded history shows to be taken back, in words: a terminal phase or an executionRef that
 * changed, or an epoch of a lock that did not grow with its next holder. Empty is what is promised.
 */
export function revocations(changes: readonly Change[]): readonly string[] {
  const ordered = inOrder(changes);
  return [
    ...pairs(changesOf("execution", ordered)).flatMap(revoked),
    ...pairs(changesOf("lock", ordered)).flatMap(wound),
  ];
}

type Pair<C> = readonly [before: C, after: C];

/** Each two states of the same object that follow each other. */
function pairs<C extends Change>(changes: readonly C[]): readonly Pair<C>[] {
  const last = new Map<string, C>();
  return changes.flatMap((after) => {
    const uid = after.object.metadata.uid ?? "";
    const before = last.get(uid);
    last.set(uid, after);
    return before === undefined ? [] : [[before, after] as const];
  });
}

function revoked(pair: Pair<Change<"execution">>): readonly string[] {
  const { name } = pair[1].object.metadata;
  const phases = pair.map(({ object }) => object.status?.phase);
  const runs = pair.map(({ object }) => object.status?.executionRef?.uid);
  return [
    ...(isTerminal(phases[0]) && phases[0] !== phases[1] ? [`execution ${name}: ${phases.join(", then ")}`] : []),
    ...(runs[0] !== undefined && runs[0] !== runs[1] ? [`execution ${name}: run ${runs.join(", then ")}`] : []),
  ];
}

function wound([before, after]: Pair<Change<"lock">>): readonly string[] {
  const [old, now] = [before.object.spec, after.object.spec];
  if (now.holder === undefined || now.holder.uid === old.holder?.uid || now.epoch > old.epoch) return [];
  return [`lock ${after.object.metadata.name}: epoch ${String(old.epoch)} and then ${String(now.epoch)}`];
}
