import type { ObjectRef } from "../api/meta.ts";
import type { AuditEntry, AuditState } from "../api/workflow-execution.ts";
import type { EventContent } from "./event-content.ts";

type Texts = Readonly<Record<string, string>>;

/** An object that has an outbox of audit events, an execution or a target lock: what its record is made from. */
export interface Audited {
  /** Empty for an object that the API server never had. */
  readonly uid: string;
  readonly resourceVersion: string | undefined;
  readonly ref: AuditedRef;
  /** Its outbox and the receipt of what is recorded. */
  readonly audit: AuditState | undefined;
  /** What it was asked to run with, in clear: what is written down of them is decided elsewhere (shown-parameters.ts). */
  readonly parameters: Texts;
  /**
   * What the row of one of its events says of the object. A function of what can't change in it and of the event's facts:
   * a row that is built once more for sending again is the same.
   */
  readonly columns: (facts: Texts) => ObjectColumns;
}

/** Which object it is; a target lock has no namespace. */
export interface AuditedRef extends ObjectRef {
  readonly kind: "execution" | "lock";
}

/** The columns in which the objects differ. */
export type ObjectColumns = Pick<
  EventContent,
  | "target"
  | "workflow_id"
  | "workflow_version"
  | "container_image"
  | "bundle_digest_asked"
  | "service_account"
  | "correlation_id"
  | "remediation_uid"
  | "rationale"
  | "confidence"
>;

/** The number of the newest event that its own record says is in the trail; 0 where it says nothing. */
export function ackedOrdinal({ audit }: Audited): number {
  return audit?.acked?.ordinal ?? 0;
}

/** The number of the newest event that this state of the object knows of: it grows with every event. */
export function lastOrdinal(audited: Audited): number {
  return audited.audit?.pending?.at(-1)?.ordinal ?? ackedOrdinal(audited);
}

/** All events of the object that can be sent once more, committed or not, oldest first. */
export function keptEntries({ audit }: Audited): readonly AuditEntry[] {
  return [...(audit?.recorded ?? []).flatMap(entryOf), ...(audit?.pending ?? [])];
}

/** Only the controller writes it; what somebody else has put there all the same is no event. */
function entryOf(text: string): readonly AuditEntry[] {
  try {
    const entry = JSON.parse(text) as Partial<AuditEntry> | null;
    const isEntry =
      typeof entry?.ordinal === "number" && typeof entry.type === "string" && typeof entry.at === "string";
    return isEntry ? [entry as AuditEntry] : [];
  } catch {
    return [];
  }
}

/** The events in its outbox after that number, oldest first. */
export function entriesAfter({ audit }: Audited, ordinal: number): readonly AuditEntry[] {
  return (audit?.pending ?? []).filter((entry) => entry.ordinal > ordinal);
}
