import { ackedOrdinal, entriesAfter, lastOrdinal } from "../audited.ts";
import type { Audited, AuditedRef } from "../audited.ts";

/** What an execution or target lock in the cluster says of its own events: as little as is needed to compare it. */
export interface KnownObject {
  readonly uid: string;
  readonly ref: AuditedRef;
  /** The newest event that it says is recorded, with its receipt; 0 where it says nothing. */
  readonly acked: number;
  readonly seq: number | undefined;
  readonly hash: string | undefined;
  /** The newest event that it knows of. */
  readonly last: number;
  /** The events that wait to be recorded. */
  readonly pending: readonly PendingEvent[];
}

export interface PendingEvent {
  readonly ordinal: number;
  readonly type: string;
  /** RFC 3339 */
  readonly at: string;
  readonly runUid: string | undefined;
}

/** What is kept of an object. */
export function knownObject(audited: Audited): KnownObject {
  const { uid, ref, audit } = audited;
  const acked = ackedOrdinal(audited);
  return {
    uid,
    ref,
    acked,
    seq: audit?.seq,
    hash: audit?.hash,
    last: lastOrdinal(audited),
    pending: entriesAfter(audited, acked).map(({ ordinal, type, at, facts }) => ({
      ...{ ordinal, type, at },
      runUid: facts?.["runUid"],
    })),
  };
}
