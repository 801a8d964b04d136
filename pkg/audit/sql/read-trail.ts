import { columnExpression, rowColumnNames } from "../verify/row-columns.ts";

/** Microseconds since 1970 as a text, by PostgreSQL's own functions. */
function micros(column: string): string {
  return `pg_catalog.round(extract(epoch FROM ${column}) * 1000000)::pg_catalog.text`;
}

/** The end of the trail. */
export const readHead = `
SELECT origin, seq, pg_catalog.encode(row_hash, 'hex') AS row_hash, ${micros("recorded_at")} AS recorded_at
FROM audit.head`;

/** The list of partitions, and what is attached to the table, whichever of both has it. */
export const readPartitions = `
SELECT coalesce(p.name, attached.name) AS name, p.name IS NOT NULL AS is_known, attached.name IS NOT NULL AS is_attached,
  p.first_seq, pg_catalog.encode(p.prev_hash, 'hex') AS prev_hash,
  p.last_seq, pg_catalog.encode(p.last_hash, 'hex') AS last_hash, p.dropped_by_seq
FROM audit.partitions AS p
FULL JOIN (
  SELECT c.relname::pg_catalog.text AS name FROM pg_catalog.pg_inherits AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'audit.events'::pg_catalog.regclass AND NOT i.inhdetachpending
) AS attached ON attached.name = p.name
ORDER BY 1`;

/** Everything that is or was held. */
export const readHolds = `
SELECT hold_id, ${micros("from_time")} AS from_time, ${micros("to_time")} AS to_time, reason, placed_seq, released_seq
FROM audit.holds ORDER BY placed_seq`;

/** $2 rows from number $1 on: numbers, hashes, and every column as it is hashed. */
export const readRows = `
SELECT pg_catalog.encode(prev_hash, 'hex'), pg_catalog.encode(row_hash, 'hex'), ${rowColumnNames.map(columnExpression).join(", ")}
FROM audit.events AS e WHERE e.seq >= $1 ORDER BY e.seq LIMIT $2`;

/** At most $3 keys of the rows after number $1 up to number $2. */
export const readKeys = `
SELECT seq, event_id, pg_catalog.encode(content_hash, 'hex') AS content_hash, wfe_uid, ordinal::pg_catalog.text AS ordinal
FROM audit.keys AS k WHERE k.seq > $1 AND k.seq <= $2 ORDER BY k.seq LIMIT $3`;
