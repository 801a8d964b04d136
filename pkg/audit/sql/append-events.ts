import type { EventRow } from "../event-content.ts";

/** Every column that the controller writes, with its type, in the order of the table. */
const columns = {
  event_id: "uuid",
  encoding: "smallint",
  content_hash: "bytea",
  row_hash: "bytea",
  wfe_uid: "text",
  ordinal: "integer",
  event_type: "text",
  occurred_at: "timestamptz",
  outcome: "text",
  reason: "text",
  cluster_id: "text",
  namespace: "text",
  wfe_name: "text",
  target: "text",
  workflow_id: "text",
  workflow_version: "text",
  container_image: "text",
  bundle_digest_asked: "text",
  bundle_digest: "text",
  run_namespace: "text",
  run_name: "text",
  run_uid: "text",
  service_account: "text",
  actor: "text",
  correlation_id: "text",
  remediation_uid: "text",
  rationale: "text",
  confidence: "double precision",
  parameters: "jsonb",
  facts: "jsonb",
  execution_created_at: "timestamptz",
  started_at: "timestamptz",
  completed_at: "timestamptz",
} as const satisfies Record<keyof EventRow, string>;

const names = Object.keys(columns).join(", ");
const definitions = Object.entries(columns)
  .map(([name, type]) => `${name} ${type}`)
  .join(", ");

/**
 * Inserts the events that aren't there yet and gives the receipt of all that are: $1 is a JSON array of rows.
 *
 * Events that another transaction is committing at this moment are waited for and then neither inserted nor seen: no
 * row comes back for them, and the caller asks once more (find-events.ts). All writers insert in one order, so that two
 * that send the same events wait for each other instead of deadlocking. Looking before inserting keeps events that are
 * sent again from using up sequence numbers.
 */
export const appendEvents = `
WITH sent AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS sent (${definitions})
), inserted AS (
  INSERT INTO audit.events (${names})
  SELECT ${names} FROM sent
  WHERE NOT EXISTS (SELECT FROM audit.events AS known WHERE known.event_id = sent.event_id)
  ORDER BY wfe_uid, ordinal
  ON CONFLICT DO NOTHING
  RETURNING event_id, seq, content_hash, row_hash
)
SELECT event_id, seq, encode(content_hash, 'hex') AS content_hash, encode(row_hash, 'hex') AS row_hash FROM inserted
UNION ALL
SELECT known.event_id, known.seq, encode(known.content_hash, 'hex'), encode(known.row_hash, 'hex')
FROM audit.events AS known WHERE known.event_id IN (SELECT event_id FROM sent)`;
