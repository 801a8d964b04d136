import type { TrailFrame } from "../../pkg/audit/verify/frame.ts";
import { rowColumnNames } from "../../pkg/audit/verify/row-columns.ts";
import type { RowColumn } from "../../pkg/audit/verify/row-columns.ts";
import { computeRowHash, genesisHash, valueOf } from "../../pkg/audit/verify/trail-row.ts";
import type { KeyRow, TrailRow } from "../../pkg/audit/verify/trail-row.ts";

export type RowParts = Readonly<Partial<Record<RowColumn, string | null>>>;

export const ORIGIN = "6f1c9a3e-0000-4000-8000-000000000001";

const MARCH = Date.parse("2026-03-01T00:00:00Z") * 1000;

/** A row behind another one (without it: the first), with its hashes. Columns that nobody cares about are NULL. */
export function aTrailRow(before: Pick<TrailRow, "seq" | "rowHash"> | undefined, parts: RowParts = {}): TrailRow {
  const seq = (before?.seq ?? 0) + 1;
  const all: RowParts = {
    encoding: "1",
    seq: String(seq),
    recorded_at: String(MARCH + seq * 1000),
    event_id: `event-${String(seq)}`,
    content_hash: "c0",
    wfe_uid: `uid-${String(seq)}`,
    ordinal: "1",
    event_type: "workflowexecution.workflow.requested",
    facts: "{}",
    ...parts,
  };
  const values = rowColumnNames.map((column) => all[column] ?? null);
  const prevHash = before?.rowHash ?? genesisHash(ORIGIN);
  const row = { seq: Number(all.seq), recordedAt: Number(all.recorded_at), prevHash, values };
  return { ...row, rowHash: computeRowHash(row) };
}

/** Rows that follow each other. */
export function trailRows(...parts: readonly RowParts[]): readonly TrailRow[] {
  const rows: TrailRow[] = [];
  for (const part of parts) rows.push(aTrailRow(rows.at(-1), part));
  return rows;
}

/** The key of a row. */
export function keyOf(row: TrailRow): KeyRow {
  return {
    seq: row.seq,
    eventId: valueOf(row, "event_id") ?? "",
    contentHash: valueOf(row, "content_hash") ?? "",
    wfeUid: valueOf(row, "wfe_uid") ?? "",
    ordinal: valueOf(row, "ordinal") ?? "",
  };
}

/** The frame of rows that are all of March 2026, which is not sealed. */
export function aFrame(rows: readonly TrailRow[], parts: Partial<TrailFrame> = {}): TrailFrame {
  const last = rows.at(-1);
  const { seq, rowHash, recordedAt } = last ?? { seq: 0, rowHash: genesisHash(ORIGIN), recordedAt: 0 };
  const open = { isAttached: true, sealed: undefined, droppedBySeq: undefined };
  return {
    head: { origin: ORIGIN, seq, rowHash, recordedAt },
    partitions: [
      { name: "events_202603", ...open },
      { name: "events_202604", ...open },
    ],
    unknownPartitions: [],
    holds: [],
    ...parts,
  };
}
