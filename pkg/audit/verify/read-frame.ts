import type { Database } from "../append.ts";
import { readHead, readHolds, readPartitions } from "../sql/read-trail.ts";
import type { PartitionSeal, TrailFrame, TrailHead, TrailHold, TrailPartition } from "./frame.ts";

type Texts = Readonly<Record<string, string | null>>;

interface PartitionRecord {
  readonly name: string;
  readonly is_known: boolean;
  readonly is_attached: boolean;
  readonly first_seq: string | null;
  readonly prev_hash: string | null;
  readonly last_seq: string | null;
  readonly last_hash: string | null;
  readonly dropped_by_seq: string | null;
}

/** What the database says about the trail as a whole. */
export async function readFrame(database: Database): Promise<TrailFrame> {
  const [head] = (await database.query(readHead, [])).rows as readonly Texts[];
  const partitions = (await database.query(readPartitions, [])).rows as readonly PartitionRecord[];
  const holds = (await database.query(readHolds, [])).rows as readonly Texts[];
  return {
    head: headOf(head ?? {}),
    partitions: partitions.filter(({ is_known: isKnown }) => isKnown).map(partitionOf),
    unknownPartitions: partitions.filter(({ is_known: isKnown }) => !isKnown).map(({ name }) => name),
    holds: holds.map(holdOf),
  };
}

/** A head that is gone is one that fits no row. */
function headOf(record: Texts): TrailHead {
  return {
    origin: record["origin"] ?? "",
    seq: Number(record["seq"] ?? -1),
    rowHash: record["row_hash"] ?? "",
    recordedAt: Number(record["recorded_at"] ?? -1),
  };
}

function partitionOf(record: PartitionRecord): TrailPartition {
  return {
    name: record.name,
    isAttached: record.is_attached,
    sealed: sealOf(record),
    droppedBySeq: numberOf(record.dropped_by_seq),
  };
}

function sealOf(record: PartitionRecord): PartitionSeal | undefined {
  const { first_seq: firstSeq, prev_hash: prevHash, last_seq: lastSeq, last_hash: lastHash } = record;
  if (firstSeq === null || prevHash === null || lastSeq === null || lastHash === null) return undefined;
  return { firstSeq: Number(firstSeq), prevHash, lastSeq: Number(lastSeq), lastHash };
}

function holdOf(record: Texts): TrailHold {
  return {
    holdId: record["hold_id"] ?? "",
    from: record["from_time"] ?? "",
    to: record["to_time"] ?? "",
    reason: record["reason"] ?? "",
    placedSeq: Number(record["placed_seq"]),
    releasedSeq: numberOf(record["released_seq"] ?? null),
  };
}

function numberOf(text: string | null): number | undefined {
  return text === null ? undefined : Number(text);
}
