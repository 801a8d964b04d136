import { rowColumnNames } from "../../pkg/audit/verify/row-columns.ts";
import { otherValue } from "./mutations.ts";
import type { Bounds, Mutation } from "./mutations.ts";
import type { Random } from "./random.ts";

/** Columns that no other table repeats. */
const freeColumns = rowColumnNames.filter(
  (name) => !/^(encoding|seq|recorded_at|event_id|content_hash|wfe_uid|ordinal)$/.test(name),
);

/** Gives every row from a number on the hash that it must have, and whatever repeats these hashes too. */
function rechain(from: number): readonly string[] {
  return [
    `DO $$
    DECLARE
      e    audit.events;
      last bytea;
    BEGIN
      SELECT prev_hash INTO last FROM audit.events WHERE seq = ${String(from)};
      FOR e IN SELECT * FROM audit.events WHERE seq >= ${String(from)} ORDER BY seq LOOP
        e.prev_hash := last;
        last := sha256(last || convert_to(audit.row_text(e), 'UTF8'));
        UPDATE audit.events SET prev_hash = e.prev_hash, row_hash = last WHERE seq = e.seq;
      END LOOP;
    END $$`,
    // An empty month lies between the hashes of the one before.
    `UPDATE audit.partitions SET prev_hash = e.row_hash FROM audit.events AS e WHERE e.seq = first_seq - 1`,
    `UPDATE audit.partitions SET last_hash = e.row_hash FROM audit.events AS e WHERE e.seq = last_seq`,
    ...setHead,
  ];
}

const setHead = [
  `UPDATE audit.head SET seq = e.seq, row_hash = e.row_hash, recorded_at = e.recorded_at
   FROM audit.events AS e WHERE e.seq = (SELECT max(seq) FROM audit.events)`,
];

/** Takes the database back to when this row was the last one. */
function goBackTo(end: number): readonly string[] {
  return [
    `DELETE FROM audit.events WHERE seq > ${String(end)}`,
    `DELETE FROM audit.keys WHERE seq > ${String(end)}`,
    `UPDATE audit.partitions SET first_seq = NULL, prev_hash = NULL, last_seq = NULL, last_hash = NULL
     WHERE name >= (SELECT to_char(recorded_at AT TIME ZONE 'UTC', '"events_"YYYYMM') FROM audit.events WHERE seq = ${String(end)})`,
    `DELETE FROM audit.holds WHERE placed_seq > ${String(end)}`,
    `UPDATE audit.holds SET released_seq = NULL WHERE released_seq > ${String(end)}`,
    ...setHead,
  ];
}

function rewriteRow(random: Random, { first, last }: Bounds): readonly string[] {
  const seq = random.between(first, last);
  const column = random.pick(freeColumns);
  return [
    `UPDATE audit.events SET ${column} = ${otherValue(column)} WHERE seq = ${String(seq)} AND wfe_name <> 'audit'`,
    ...rechain(seq),
  ];
}

function cutTail(random: Random, { first, last }: Bounds): readonly string[] {
  return goBackTo(random.between(first, last - 1));
}

function goOnOtherwise(random: Random, { first, last }: Bounds): readonly string[] {
  const end = random.between(first, last - 1);
  const next = String(end + 1);
  return [
    ...goBackTo(end),
    `INSERT INTO audit.events SELECT (jsonb_populate_record(e, jsonb_build_object('seq', e.seq + n,
       'event_id', gen_random_uuid(), 'wfe_uid', 'other', 'ordinal', n, 'event_type', 'other'))).*
     FROM audit.events AS e, generate_series(1, ${String(last - end + 1)}) AS n WHERE e.seq = ${String(end)}`,
    `INSERT INTO audit.keys SELECT event_id, seq, content_hash, wfe_uid, ordinal FROM audit.events WHERE seq >= ${next}`,
    `UPDATE audit.events SET prev_hash = (SELECT row_hash FROM audit.events WHERE seq = ${String(end)}) WHERE seq = ${next}`,
    ...rechain(end + 1),
  ];
}

/** What is consistent in itself: only what was said of the trail before, elsewhere, shows it. */
export const anchoredMutations: readonly Mutation[] = [
  { name: "rewrite a row and all behind it", statements: rewriteRow },
  { name: "cut the tail with all that speaks of it, or restore an older copy", statements: cutTail },
  { name: "restore an older copy and go on with other events", statements: goOnOtherwise },
];
