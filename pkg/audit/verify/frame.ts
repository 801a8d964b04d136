/** What the database says about the trail as a whole. Hashes are lower-case hex. */
export interface TrailFrame {
  readonly head: TrailHead;
  /** By name, which is by time. */
  readonly partitions: readonly TrailPartition[];
  /** Partitions of audit.events, by name, that audit.partitions doesn't have. */
  readonly unknownPartitions: readonly string[];
  readonly holds: readonly TrailHold[];
}

export interface TrailHead {
  readonly origin: string;
  readonly seq: number;
  readonly rowHash: string;
  /** Microseconds since 1970. */
  readonly recordedAt: number;
}

export interface TrailPartition {
  /** events_YYYYMM: the month of recorded_at (UTC). */
  readonly name: string;
  /** Whether it is there as a part of audit.events. */
  readonly isAttached: boolean;
  /** Where it gets no more rows: which rows it has, none where last is the one before first. */
  readonly sealed: PartitionSeal | undefined;
  /** The event that says that it was dropped. */
  readonly droppedBySeq: number | undefined;
}

export interface PartitionSeal {
  readonly firstSeq: number;
  readonly prevHash: string;
  readonly lastSeq: number;
  readonly lastHash: string;
}

export interface TrailHold {
  readonly holdId: string;
  /** Microseconds since 1970, as texts. */
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly placedSeq: number;
  readonly releasedSeq: number | undefined;
}
