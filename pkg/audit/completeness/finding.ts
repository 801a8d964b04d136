/** Something in which cluster and trail differ. */
export interface Finding {
  readonly kind: FindingKind;
  /** Which object, for people: namespace/name or the lock's name, and the uid. */
  readonly subject: string;
  /** What is wrong, and what can have done it. */
  readonly detail: string;
}

/**
 * - `missing`: an event that must be there isn't in the trail.
 * - `doubled`: two events of an object have one number.
 * - `receipt`: the receipt in the object isn't that of the row.
 * - `type`: an event that waits is in the trail as another one.
 * - `ahead`: the trail knows more of an object than the cluster.
 * - `gone`: an execution isn't in the cluster, and no event says that it was deleted.
 * - `unended`: a run started, its execution is gone, and no event says how it ended.
 * - `unrecorded-run`: a run in the cluster that no event names.
 */
export type FindingKind = "missing" | "doubled" | "receipt" | "type" | "ahead" | "gone" | "unended" | "unrecorded-run";
