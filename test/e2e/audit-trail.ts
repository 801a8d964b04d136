import assert from "node:assert/strict";
import { Client } from "pg";

/** What auditors see of one execution. */
export interface AuditedExecution {
  readonly phase: string;
  readonly outcome: string | null;
  readonly pipelinerun_name: string | null;
  readonly skip_reason: string | null;
  readonly failure_reason: string | null;
  readonly conflicting_wfe: string | null;
}

interface AuditedEvent {
  readonly event_id: string;
  readonly ordinal: number;
  readonly event_type: string;
}

/**
 * Checks that the trail of an execution is these events and nothing else: each once, in this order, numbered without
 * a gap, and together one row for auditors, which is given.
 */
export async function assertTrail(
  databaseUrl: string,
  executionUid: string,
  expected: readonly string[],
): Promise<AuditedExecution> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const select = "SELECT event_id, ordinal, event_type FROM audit.events WHERE wfe_uid = $1 ORDER BY seq";
    const { rows: events } = await client.query<AuditedEvent>(select, [executionUid]);
    assert.deepEqual(
      events.map(({ ordinal, event_type }) => `${String(ordinal)} ${event_type}`),
      expected.map((name, index) => `${String(index + 1)} workflowexecution.workflow.${name}`),
    );
    assert.equal(new Set(events.map(({ event_id }) => event_id)).size, expected.length, "event ids are unique");
    const view = "SELECT * FROM workflow_execution_audit WHERE id = $1";
    const { rows } = await client.query<AuditedExecution>(view, [executionUid]);
    assert.equal(rows.length, 1, "an execution is one row for auditors");
    assert.ok(rows[0]);
    return rows[0];
  } finally {
    await client.end();
  }
}
