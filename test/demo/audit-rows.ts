import { Client } from "pg";

/** One execution as auditors see it, with the events from which it was made. */
export interface AuditRow {
  readonly name: string;
  readonly phase: string;
  readonly outcome: string;
  readonly target_resource: string;
  readonly skip_reason: string | null;
  readonly pipelinerun_name: string | null;
  readonly total_duration: string | null;
  readonly events: string;
}

const QUERY = `
SELECT e.wfe_name AS name, a.phase, a.outcome, a.target_resource, a.skip_reason, a.pipelinerun_name,
       a.total_duration::text AS total_duration,
       string_agg(split_part(e.event_type, '.', 3), ', ' ORDER BY e.ordinal) AS events
FROM workflow_execution_audit a JOIN audit.events e ON e.wfe_uid = a.id
WHERE e.wfe_name = ANY($1)
GROUP BY 1, 2, 3, 4, 5, 6, 7
ORDER BY name`;

/** Reads the audit rows of these executions back from PostgreSQL. */
export async function readAuditRows(databaseUrl: string, names: readonly string[]): Promise<readonly AuditRow[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<AuditRow>(QUERY, [names])).rows;
  } finally {
    await client.end();
  }
}
