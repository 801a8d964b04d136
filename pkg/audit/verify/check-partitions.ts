import type { PartitionSeal, TrailFrame, TrailPartition } from "./frame.ts";
import type { Problem } from "./problem.ts";

/**
 * Checks the list of partitions in itself: those that were dropped are the oldest, those that are sealed follow each other
 * without a gap, and whatever was not dropped is there.
 *
 * @param genesis the hash before the first row
 */
export function checkPartitions({ partitions, unknownPartitions }: TrailFrame, genesis: string): Problem | undefined {
  let before: Place = { seq: 0, hash: genesis };
  let last: TrailPartition | undefined;
  for (const partition of partitions) {
    const problem = checkPresence(partition, before.seq + 1) ?? checkOrder(last, partition, before.seq + 1);
    if (problem !== undefined) return problem;
    const { sealed } = partition;
    if (sealed !== undefined && !follows(sealed, before)) {
      return partitionProblem(before.seq + 1, partition.name, "doesn't begin where the one before ends");
    }
    if (sealed !== undefined) before = { seq: sealed.lastSeq, hash: sealed.lastHash };
    last = partition;
  }
  const [unknown] = unknownPartitions;
  return unknown === undefined ? undefined : partitionProblem(before.seq + 1, unknown, "is not in audit.partitions");
}

interface Place {
  readonly seq: number;
  readonly hash: string;
}

function follows(sealed: PartitionSeal, before: Place): boolean {
  if (sealed.firstSeq !== before.seq + 1 || sealed.prevHash !== before.hash) return false;
  const isEmpty = sealed.lastSeq === before.seq;
  return isEmpty ? sealed.lastHash === before.hash : sealed.lastSeq > before.seq;
}

function checkPresence({ name, isAttached, droppedBySeq }: TrailPartition, seq: number): Problem | undefined {
  if (droppedBySeq === undefined && !isAttached) {
    return {
      kind: "missing-partition",
      seq,
      detail: `partition ${name} is gone, and no event says that it was dropped`,
    };
  }
  if (droppedBySeq !== undefined && isAttached) return partitionProblem(seq, name, "is there though it was dropped");
  return undefined;
}

function checkOrder(last: TrailPartition | undefined, next: TrailPartition, seq: number): Problem | undefined {
  if (next.sealed !== undefined && last !== undefined && last.sealed === undefined) {
    return partitionProblem(seq, last.name, "is not sealed though a later one is");
  }
  if (next.droppedBySeq === undefined) return undefined;
  if (next.sealed === undefined) return partitionProblem(seq, next.name, "was dropped and had not been sealed");
  const isOldest = last === undefined || last.droppedBySeq !== undefined;
  return isOldest ? undefined : partitionProblem(seq, next.name, "was dropped before an older one");
}

function partitionProblem(seq: number, name: string, what: string): Problem {
  return { kind: "partition", seq, detail: `partition ${name} ${what}` };
}
