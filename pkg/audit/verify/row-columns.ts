/** How the value of a column becomes a text, the same in every session and time zone. */
type ColumnKind = "text" | "plain" | "bytes" | "time" | "double";

/**
 * The columns of encoding 1 in the order in which they are hashed, as in audit.row_text (migrations/0013_row_text.sql).
 * Never changed: a new column is a new encoding, so that rows that are already recorded can still be verified.
 */
export const rowColumns = {
  encoding: "plain",
  seq: "plain",
  recorded_at: "time",
  event_id: "plain",
  content_hash: "bytes",
  wfe_uid: "text",
  ordinal: "plain",
  event_type: "text",
  occurred_at: "time",
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
  actor_uid: "text",
  actor_groups: "plain",
  correlation_id: "text",
  remediation_uid: "text",
  rationale: "text",
  confidence: "double",
  parameters: "plain",
  facts: "plain",
  lock_epoch: "plain",
  policy_hash: "text",
  key_id: "text",
  recorder: "text",
  controller_version: "text",
  execution_created_at: "time",
  started_at: "time",
  completed_at: "time",
} as const satisfies Readonly<Record<string, ColumnKind>>;

export type RowColumn = keyof typeof rowColumns;

export const rowColumnNames = Object.keys(rowColumns) as readonly RowColumn[];

/** The expression that gives a column of audit.events as the text that is hashed. Only PostgreSQL's own functions. */
export function columnExpression(column: RowColumn): string {
  const kind: ColumnKind = rowColumns[column];
  switch (kind) {
    case "text":
      return column;
    case "plain":
      return `${column}::pg_catalog.text`;
    case "bytes":
      return `pg_catalog.encode(${column}, 'hex')`;
    case "time":
      // Microseconds since 1970.
      return `pg_catalog.round(extract(epoch FROM ${column}) * 1000000)::pg_catalog.text`;
    case "double":
      return `pg_catalog.encode(pg_catalog.float8send(${column}), 'hex')`;
  }
}
