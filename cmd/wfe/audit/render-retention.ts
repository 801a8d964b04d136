import type { HoldRecord } from "../../../pkg/audit/retention/holds.ts";
import type { PartitionRecord } from "../../../pkg/audit/retention/partition-record.ts";
import { renderTable } from "../output/render-table.ts";
import { secondsOf } from "../output/seconds-of.ts";

/** The partitions, a line each. */
export function renderPartitions(partitions: readonly PartitionRecord[], width: number): readonly string[] {
  const oldest = partitions.find(({ droppedBySeq }) => droppedBySeq === undefined);
  const rows = partitions.map((partition) => [
    partition.name,
    partition.rows === undefined ? "?" : String(partition.rows),
    stateOf(partition),
    whenDroppable(partition, partition === oldest),
  ]);
  return renderTable(["PARTITION", "ROWS", "STATE", "MAY BE DROPPED"], rows, width);
}

/** The holds, a line each. */
export function renderHolds(holds: readonly HoldRecord[], width: number): readonly string[] {
  const rows = holds.map((hold) => [
    hold.id,
    secondsOf(hold.from_time),
    secondsOf(hold.to_time),
    hold.released_seq === null ? "in force" : `released by event ${String(hold.released_seq)}`,
    String(hold.placed_seq),
    hold.reason,
  ]);
  return renderTable(["HOLD", "FROM", "TO", "STATE", "PLACED BY EVENT", "REASON"], rows, width);
}

function stateOf({ sealed, droppedBySeq }: PartitionRecord): string {
  if (droppedBySeq !== undefined) return `dropped by event ${String(droppedBySeq)}`;
  return sealed ? "sealed" : "open";
}

function whenDroppable(partition: PartitionRecord, isOldest: boolean): string {
  const { droppedBySeq, heldBy, isPast, droppableAt, sealed } = partition;
  if (droppedBySeq !== undefined) return "";
  if (heldBy.length > 0) return `not while held by ${heldBy.join(", ")}`;
  if (!isPast || !sealed) return `from ${secondsOf(droppableAt)}`;
  return isOldest ? "now" : "now, after those before it";
}
