import { comparedObject, subjectText } from "./compared.ts";
import type { Finding, FindingKind } from "./finding.ts";
import type { KnownObject } from "./known-object.ts";
import type { RecordedEvent } from "./recorded-event.ts";

/** One object in the cluster and in the trail. */
export interface Comparison {
  /** As the cluster had it before the rows were read: what it says is recorded must be there. */
  readonly before: KnownObject | undefined;
  /** All its events, by ordinal. */
  readonly rows: readonly RecordedEvent[];
  /** As the cluster had it after the rows were read: it must know of all of them. */
  readonly after: KnownObject | undefined;
  /** The last row that was dropped, past its period; 0 where none was. */
  readonly droppedTo: number;
}

const WORKFLOW = "workflowexecution.workflow.";
const ENDINGS: ReadonlySet<string> = new Set(["completed", "failed", "skipped", "cancelled"].map((n) => WORKFLOW + n));

/** In what cluster and trail differ about one execution or target lock. */
export function checkObject(comparison: Comparison): readonly Finding[] {
  const found: Found[] = [
    ...checkNumbers(comparison),
    ...checkReceipt(comparison),
    ...checkPending(comparison),
    ...checkAhead(comparison),
    ...checkGone(comparison),
  ];
  const object = comparedObject(comparison.before ?? comparison.after, comparison.rows[0]);
  const subject = object === undefined ? "" : subjectText(object);
  return found.map(([kind, detail]) => ({ kind, subject, detail }));
}

type Found = readonly [FindingKind, string];

/** From 1 without gaps; the first ones may have been dropped with their month. */
function checkNumbers({ rows, droppedTo }: Comparison): readonly Found[] {
  const found: Found[] = [];
  let last = droppedTo > 0 ? (rows[0]?.ordinal ?? 1) - 1 : 0;
  for (const { ordinal, seq } of rows) {
    if (ordinal === last)
      found.push(["doubled", `event ${String(ordinal)} is there twice, also as row ${String(seq)}`]);
    if (ordinal > last + 1) found.push(["missing", missing(last + 1, ordinal - 1, "though later ones are there")]);
    last = ordinal;
  }
  return found;
}

function checkReceipt({ before, rows, droppedTo }: Comparison): readonly Found[] {
  if (before === undefined || before.acked === 0) return [];
  const { acked, seq, hash } = before;
  const row = rows.find(({ ordinal }) => ordinal === acked);
  if (row === undefined) return isDropped(before, droppedTo) ? [] : missingAtTheEnd(acked, rows);
  if (row.seq === seq && row.hash === hash) return [];
  const there = `event ${String(acked)} is ${receiptText(row.seq, row.hash)}`;
  return [["receipt", `its receipt is row ${receiptText(seq, hash)}, but ${there}`]];
}

function isDropped({ seq }: KnownObject, droppedTo: number): boolean {
  return seq !== undefined && seq <= droppedTo;
}

/** What is missing between others is told already. */
function missingAtTheEnd(acked: number, rows: readonly RecordedEvent[]): readonly Found[] {
  const recorded = rows.at(-1)?.ordinal ?? 0;
  if (recorded > acked) return [];
  return [["missing", missing(recorded + 1, acked, "though the cluster has a receipt for them")]];
}

/** An event may be recorded before its object says so. */
function checkPending({ before, rows }: Comparison): readonly Found[] {
  return (before?.pending ?? []).flatMap(({ ordinal, type }) => {
    const row = rows.find((recorded) => recorded.ordinal === ordinal);
    if (row === undefined || row.type === type) return [];
    return [["type", `event ${String(ordinal)} waits as ${type} and is recorded as ${row.type}`] as const];
  });
}

function checkAhead({ rows, after }: Comparison): readonly Found[] {
  const recorded = rows.at(-1)?.ordinal ?? 0;
  if (after === undefined || recorded <= after.last) return [];
  const more = `event ${String(recorded)} is recorded, the cluster knows of ${String(after.last)}`;
  return [["ahead", `${more}: an older etcd was restored, or its status was changed by hand`]];
}

/** A lock goes when nobody needs it any more, without an event. */
function checkGone({ before, rows }: Comparison): readonly Found[] {
  if (before !== undefined || rows[0] === undefined || rows[0].namespace === "") return [];
  const types = new Set(rows.map(({ type }) => type));
  const isUnended = types.has(`${WORKFLOW}started`) && !rows.some(({ type }) => ENDINGS.has(type));
  return [
    ...(types.has(`${WORKFLOW}deleted`) ? [] : [GONE]),
    ...(isUnended ? [["unended", "its run was started, and no event says how it ended"] as const] : []),
  ];
}

const GONE: Found = [
  "gone",
  "it isn't in the cluster and no event says that it was deleted: its finalizer was removed by force, or an older etcd was restored",
];

function missing(from: number, to: number, why: string): string {
  const which = from === to ? `event ${String(from)} is` : `events ${String(from)} to ${String(to)} are`;
  return `${which} missing, ${why}`;
}

function receiptText(seq: number | undefined, hash: string | undefined): string {
  return `${String(seq ?? "?")}:${(hash ?? "?").slice(0, 12)}`;
}
