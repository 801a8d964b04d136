import type { TrailFrame, TrailHold, TrailPartition } from "./frame.ts";
import type { Problem } from "./problem.ts";
import { valueOf } from "./trail-row.ts";
import type { TrailRow } from "./trail-row.ts";

type Facts = Readonly<Record<string, unknown>>;

/** What the trail must say of itself: at which row which fact is expected, for what was dropped, held and released. */
export interface Expected {
  readonly what: "retention" | "hold";
  readonly type: string;
  readonly reason?: string;
  readonly facts: Facts;
}

/** The events about the trail that its tables name, by number. */
export function expectedEvents({ partitions, holds }: TrailFrame): ReadonlyMap<number, Expected> {
  return new Map([...partitions.flatMap(droppings), ...holds.flatMap(holdings)]);
}

/** Whether a row that is about the trail has its place in the tables, and a row that they name is what they say. */
export function checkOwnEvent(row: TrailRow, expected: Expected | undefined): Problem | undefined {
  const type = valueOf(row, "event_type") ?? "";
  const kind = expected?.what ?? ownEvent(type);
  if (kind === undefined || (expected !== undefined && says(row, expected))) return undefined;
  const detail = `row ${String(row.seq)} (${type}) and the tables of partitions and holds contradict each other`;
  return { kind, seq: row.seq, detail };
}

function says(row: TrailRow, { type, reason, facts }: Expected): boolean {
  if (type !== valueOf(row, "event_type")) return false;
  const isForThat = reason === undefined || reason === valueOf(row, "reason");
  return isForThat && sameFacts(facts, valueOf(row, "facts"));
}

/**
 * Checks the list of holds in itself: a hold is released after it was placed, and one that isn't released was placed by an
 * event that is still there.
 *
 * @param droppedSeq the last row that was dropped
 */
export function checkHolds({ holds }: TrailFrame, droppedSeq: number): Problem | undefined {
  for (const { holdId, placedSeq: seq, releasedSeq } of holds) {
    const isRight = releasedSeq === undefined ? seq > droppedSeq : releasedSeq > seq;
    if (!isRight) return { kind: "hold", seq, detail: `hold ${holdId} was not placed and released in this order` };
  }
  return undefined;
}

/** The first event that the tables name and that is beyond the last row. */
export function missingOwnEvent(expected: ReadonlyMap<number, Expected>, lastSeq: number): Problem | undefined {
  for (const [seq, { what, type }] of expected) {
    if (seq > lastSeq) return { kind: what, seq, detail: `row ${String(seq)} (${type}) is missing` };
  }
  return undefined;
}

function ownEvent(type: string): Expected["what"] | undefined {
  if (type === "audit.retention") return "retention";
  return type.startsWith("audit.hold.") ? "hold" : undefined;
}

function sameFacts(expected: Facts, text: string | null): boolean {
  const facts = JSON.parse(text ?? "{}") as Facts;
  return Object.entries(expected).every(([name, value]) => facts[name] === value);
}

function droppings({ name, sealed, droppedBySeq }: TrailPartition): [number, Expected][] {
  if (droppedBySeq === undefined || sealed === undefined) return [];
  const { firstSeq, lastSeq, lastHash } = sealed;
  const facts = { partition: name, firstSeq: String(firstSeq), lastSeq: String(lastSeq), lastHash };
  return [[droppedBySeq, { what: "retention", type: "audit.retention", facts }]];
}

function holdings({ holdId, from, to, reason, placedSeq, releasedSeq }: TrailHold): [number, Expected][] {
  const placed: Expected = { what: "hold", type: "audit.hold.placed", reason, facts: { holdId, from, to } };
  const released: Expected = { what: "hold", type: "audit.hold.released", facts: { holdId } };
  return [[placedSeq, placed], ...(releasedSeq === undefined ? [] : [[releasedSeq, released] as [number, Expected]])];
}
