import { isDeepStrictEqual } from "node:util";
import { keyOf, titleOf, type OutboxEvent } from "./outbox-history.ts";
import type { RecordedEvent } from "./read-trail.ts";

/**
 * Compares what was ever in an outbox with what is in the trail, both ways: exactly one row an event, with what the event
 * says, and no other row. Gives what is wrong, in words. Knows nothing of how the product does it.
 */
export function compareTrail(events: readonly OutboxEvent[], rows: readonly RecordedEvent[]): readonly string[] {
  const told = new Map(events.map((event) => [keyOf(event), event]));
  const recorded = Map.groupBy(rows, keyOf);
  return [
    ...doubledIds(rows),
    ...events.flatMap((event) => compareEvent(event, recorded.get(keyOf(event)) ?? [])),
    ...rows.filter((row) => !told.has(keyOf(row))).map((row) => `${placeOf(row)} was in no outbox`),
  ];
}

function doubledIds(rows: readonly RecordedEvent[]): readonly string[] {
  const byId = Map.groupBy(rows, ({ eventId }) => eventId);
  return [...byId].filter(([, own]) => own.length > 1).map(([id, own]) => `${id} is the id of rows ${seqsOf(own)}`);
}

function compareEvent(event: OutboxEvent, rows: readonly RecordedEvent[]): readonly string[] {
  const [row, ...more] = rows;
  if (row === undefined) return [`${titleOf(event)} has no row`];
  if (more.length > 0) return [`${titleOf(event)} has rows ${seqsOf(rows)}`];
  const [wanted, found] = [contentOf(event), contentOf(row)];
  if (isDeepStrictEqual(wanted, found)) return [];
  return [`${placeOf(row)} says ${JSON.stringify(found)}, its outbox ${JSON.stringify(wanted)}`];
}

function contentOf({ name, type, at, outcome, reason, facts }: OutboxEvent | RecordedEvent): object {
  // Times are compared, not how they are written; a row has null where an event has nothing.
  return { name, type, at: Date.parse(at), outcome, reason: reason ?? undefined, facts: { ...facts } };
}

function placeOf(row: RecordedEvent): string {
  return `row ${String(row.seq)}, ${titleOf(row)},`;
}

function seqsOf(rows: readonly RecordedEvent[]): string {
  return rows.map(({ seq }) => String(seq)).join(", ");
}
