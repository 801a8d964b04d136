import { rowColumnNames } from "../../pkg/audit/verify/row-columns.ts";
import type { Random } from "./random.ts";

/** One way to falsify a trail. */
export interface Mutation {
  readonly name: string;
  /** Statements of a superuser. The first one must concern a row. */
  readonly statements: (random: Random, trail: Bounds) => readonly string[];
}

/** Which rows there are. */
export interface Bounds {
  readonly first: number;
  readonly last: number;
}

/** Months that are there: sealed ones and the open one. */
const partitions = ["events_203303", "events_203304", "events_203306"];

/** Another value of a column, by the column's type. */
const others: Readonly<Record<string, (column: string) => string>> = {
  text: (column) => `coalesce(${column}, '') || 'x'`,
  bytes: (column) => `set_byte(${column}, 7, get_byte(${column}, 7) # 1)`,
  time: (column) => `coalesce(${column}, '2033-03-03') + interval '1 microsecond'`,
  number: (column) => `coalesce(${column}, 0) + 1`,
  uuid: () => "gen_random_uuid()",
  json: (column) => `${column} || '{"more": "x"}'`,
  list: (column) => `array_append(coalesce(${column}, '{}'), 'x')`,
};

const kinds: Readonly<Record<string, keyof typeof others>> = {
  ...{ seq: "number", encoding: "number", ordinal: "number", confidence: "number", lock_epoch: "number" },
  ...{
    recorded_at: "time",
    occurred_at: "time",
    execution_created_at: "time",
    started_at: "time",
    completed_at: "time",
  },
  ...{ prev_hash: "bytes", row_hash: "bytes", content_hash: "bytes", event_id: "uuid", actor_groups: "list" },
  ...{ parameters: "json", facts: "json", first_seq: "number", last_seq: "number", last_hash: "bytes" },
  ...{ dropped_by_seq: "number", origin: "uuid", hold_id: "uuid", from_time: "time", to_time: "time" },
  ...{ placed_seq: "number", released_seq: "number" },
};

export function otherValue(column: string): string {
  return others[kinds[column] ?? "text"]?.(column) ?? "";
}

function aRow(random: Random, { first, last }: Bounds): string {
  return `seq = ${String(random.between(first, last))}`;
}

function edit(table: string, columns: readonly string[], where: (random: Random, bounds: Bounds) => string): Mutation {
  return {
    name: `edit a column of ${table}`,
    statements: (random, bounds) => {
      const column = random.pick(columns);
      return [`UPDATE audit.${table} SET ${column} = ${otherValue(column)} WHERE ${where(random, bounds)}`];
    },
  };
}

function aPartition(random: Random): string {
  return `name = '${random.pick(["events_202601", "events_202602", "events_203303", "events_203304"])}'`;
}

const editedColumns = [...rowColumnNames, "prev_hash", "row_hash"];

const nullable = editedColumns.filter(
  (name) =>
    !/^(seq|encoding|event_id|.*_hash|wfe_uid|ordinal|event_type|occurred_at|recorded_at|outcome|cluster_id|namespace|wfe_name|target|workflow_.*|correlation_id|parameters|facts)$/.test(
      name,
    ),
);

const rowMutations: readonly Mutation[] = [
  edit("events", editedColumns, aRow),
  {
    name: "empty a column of events, or fill an empty one",
    statements: (random, bounds) => {
      const column = random.pick(nullable);
      const value = `CASE WHEN ${column} IS NULL THEN ${otherValue(column)} END`;
      return [`UPDATE audit.events SET ${column} = ${value} WHERE ${aRow(random, bounds)}`];
    },
  },
  { name: "delete a row", statements: (random, bounds) => [`DELETE FROM audit.events WHERE ${aRow(random, bounds)}`] },
  {
    name: "delete a row and its key",
    statements: (random, bounds) => {
      const where = aRow(random, bounds);
      return [`DELETE FROM audit.events WHERE ${where}`, `DELETE FROM audit.keys WHERE ${where}`];
    },
  },
  {
    name: "insert a copy of a row, as it is or later",
    statements: (random, bounds) => [
      `INSERT INTO audit.events (seq, recorded_at, prev_hash, row_hash, ${rowColumnNames.filter((name) => !/^(seq|recorded_at)$/.test(name)).join(", ")})
       SELECT seq, recorded_at + interval '${String(random.between(0, 1))} microsecond', prev_hash, row_hash,
         ${rowColumnNames.filter((name) => !/^(seq|recorded_at)$/.test(name)).join(", ")}
       FROM audit.events WHERE ${aRow(random, bounds)}`,
    ],
  },
  {
    name: "insert a row before the first or behind the last, that fits its neighbour",
    statements: (random, { last }) => [
      `INSERT INTO audit.events SELECT (jsonb_populate_record(e, jsonb_build_object('seq',
         ${random.pick(["0", "-1", String(last + 1)])}, 'event_id', gen_random_uuid(), 'prev_hash', e.row_hash))).*
       FROM audit.events AS e WHERE seq = ${String(last)}`,
      `UPDATE audit.events SET row_hash = sha256(prev_hash || convert_to(audit.row_text(events), 'UTF8'))
       WHERE seq < 1 OR seq > ${String(last)}`,
    ],
  },
  {
    name: "swap two rows",
    statements: (random, { first, last }) => {
      const one = random.between(first, last - 1);
      const other = random.between(one + 1, last);
      return [
        `UPDATE audit.events SET seq = ${String(one + other)} - seq WHERE seq IN (${String(one)}, ${String(other)})`,
      ];
    },
  },
  {
    name: "swap two rows and give them their hashes",
    statements: (random, { first, last }) => {
      const one = random.between(first, last - 1);
      return [
        `UPDATE audit.events AS e SET seq = ${String(2 * one + 1)} - e.seq, prev_hash = other.prev_hash
         FROM audit.events AS other WHERE e.seq IN (${String(one)}, ${String(one + 1)}) AND other.seq = ${String(2 * one + 1)} - e.seq`,
        `UPDATE audit.events SET row_hash = sha256(prev_hash || convert_to(audit.row_text(events), 'UTF8'))
         WHERE seq IN (${String(one)}, ${String(one + 1)})`,
      ];
    },
  },
  {
    name: "cut the tail",
    statements: (random, { first, last }) => [
      `DELETE FROM audit.events WHERE seq > ${String(random.between(first, last - 1))}`,
    ],
  },
  {
    name: "cut the tail and its keys",
    statements: (random, { first, last }) => {
      const end = String(random.between(first, last - 1));
      return [`DELETE FROM audit.events WHERE seq > ${end}`, `DELETE FROM audit.keys WHERE seq > ${end}`];
    },
  },
];

const tableMutations: readonly Mutation[] = [
  edit("keys", ["event_id", "seq", "content_hash", "wfe_uid", "ordinal"], aRow),
  { name: "delete a key", statements: (random, bounds) => [`DELETE FROM audit.keys WHERE ${aRow(random, bounds)}`] },
  {
    name: "insert a key",
    statements: (random, bounds) => [
      `INSERT INTO audit.keys SELECT gen_random_uuid(), ${random.pick(["seq", "1", "0", "seq + 1000"])}, content_hash, 'x', 1
       FROM audit.keys WHERE ${aRow(random, bounds)}`,
    ],
  },
  edit("head", ["origin", "seq", "row_hash", "recorded_at"], () => "true"),
  { name: "set the head back", statements: () => ["UPDATE audit.head SET seq = seq - 1"] },
  { name: "delete the head", statements: () => ["DELETE FROM audit.head"] },
  edit("partitions", ["first_seq", "prev_hash", "last_seq", "last_hash", "dropped_by_seq"], aPartition),
  {
    name: "unseal a partition",
    statements: (random) => [
      `UPDATE audit.partitions SET first_seq = NULL, prev_hash = NULL, last_seq = NULL, last_hash = NULL WHERE ${aPartition(random)}`,
    ],
  },
  {
    name: "rename or delete an entry of partitions",
    statements: (random) => {
      const where = random.pick([aPartition(random), "name = 'events_203306'", "name = 'events_203307'"]);
      return [
        random.pick([
          `UPDATE audit.partitions SET name = 'events_203301' WHERE ${where}`,
          `DELETE FROM audit.partitions WHERE ${where}`,
        ]),
      ];
    },
  },
  {
    name: "drop, empty or detach a partition",
    statements: (random) => {
      const name = `audit.${random.pick(partitions)}`;
      const ways = [`DROP TABLE ${name}`, `TRUNCATE ${name}`, `ALTER TABLE audit.events DETACH PARTITION ${name}`];
      return [`UPDATE audit.head SET seq = seq`, random.pick(ways)];
    },
  },
  {
    name: "drop a partition and say so",
    statements: (random, { first, last }) => {
      const name = random.pick(partitions.slice(0, 2));
      const by = random.pick([String(first - 1), "last_seq + 1", String(last), String(last + 9)]);
      return [
        `UPDATE audit.partitions SET dropped_by_seq = ${by} WHERE name = '${name}'`,
        `DELETE FROM audit.keys WHERE seq IN (SELECT seq FROM audit.${name})`,
        `DROP TABLE audit.${name}`,
      ];
    },
  },
  edit(
    "holds",
    ["hold_id", "from_time", "to_time", "reason", "placed_seq", "released_seq"],
    (random) => `reason = '${random.pick(["case 7", "case 8"])}'`,
  ),
  {
    name: "delete, release or reopen a hold",
    statements: (random) => [
      random.pick([
        `DELETE FROM audit.holds WHERE reason = '${random.pick(["case 7", "case 8"])}'`,
        "UPDATE audit.holds SET released_seq = placed_seq + 1 WHERE reason = 'case 8'",
        "UPDATE audit.holds SET released_seq = NULL WHERE reason = 'case 7'",
      ]),
    ],
  },
];

/** What is found from the tables alone. */
export const mutations: readonly Mutation[] = [...rowMutations, ...tableMutations];
