import type { Problem } from "./problem.ts";
import { valueOf } from "./trail-row.ts";
import type { KeyRow, TrailRow } from "./trail-row.ts";

/** Whether the entry of audit.keys for a row is the row's. */
export function checkKey(row: TrailRow, key: KeyRow | undefined): Problem | undefined {
  if (key === undefined)
    return { kind: "keys", seq: row.seq, detail: `audit.keys has nothing for row ${String(row.seq)}` };
  const isOwn =
    key.eventId === valueOf(row, "event_id") &&
    key.contentHash === valueOf(row, "content_hash") &&
    key.wfeUid === valueOf(row, "wfe_uid") &&
    key.ordinal === valueOf(row, "ordinal");
  return isOwn
    ? undefined
    : { kind: "keys", seq: row.seq, detail: `audit.keys has another event for row ${String(row.seq)}` };
}
