/** A month of the trail. */
export interface PartitionRecord {
  /** events_YYYYMM */
  readonly name: string;
  /** How many rows it has or had; undefined where this login may not see the end of the trail. */
  readonly rows: number | undefined;
  /** Whether it gets no more rows. */
  readonly sealed: boolean;
  /** The event that says that it was dropped. */
  readonly droppedBySeq: number | undefined;
  /** From when on it may be dropped, if nothing holds it and those before it are gone. */
  readonly droppableAt: Date;
  /** Whether that moment has come, by PostgreSQL's clock. */
  readonly isPast: boolean;
  /** Ids of the holds by which it is kept. */
  readonly heldBy: readonly string[];
}
