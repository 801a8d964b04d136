import type { TrailPartition } from "./frame.ts";
import type { Problem } from "./problem.ts";
import type { TrailRow } from "./trail-row.ts";

/** The name of the partition to which a row belongs that was recorded at this time, microseconds since 1970. */
export function partitionName(recordedAt: number): string {
  const moment = new Date(Math.floor(recordedAt / 1000));
  if (Number.isNaN(moment.getTime())) return "none";
  const year = String(moment.getUTCFullYear()).padStart(4, "0");
  return `events_${year}${String(moment.getUTCMonth() + 1).padStart(2, "0")}`;
}

/** Whether a row is within the seal of its partition, and has the hash that this names for its end. */
export function checkSeal(row: TrailRow, partition: TrailPartition | undefined): Problem | undefined {
  const { seq, rowHash } = row;
  if (partition === undefined || partition.droppedBySeq !== undefined) {
    return { kind: "partition", seq, detail: `row ${String(seq)} belongs to no partition that is there` };
  }
  const { name, sealed } = partition;
  if (sealed === undefined) return undefined;
  const isWithin = seq >= sealed.firstSeq && seq <= sealed.lastSeq;
  // That the first row follows the hash of the seal's beginning is known: the seal before ends there, and so did its rows.
  const isAsSealed = isWithin && (seq !== sealed.lastSeq || rowHash === sealed.lastHash);
  return isAsSealed ? undefined : { kind: "partition", seq, detail: `partition ${name} is not as it was sealed` };
}
