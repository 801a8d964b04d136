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

/** What is on record about a block that was lifted. */
export interface RecordedClearance {
  /** Empty where it was asked for on the lock. */
  readonly namespace: string;
  /** Of the execution or the lock on which it was asked for. */
  readonly wfe_name: string;
  readonly workflow_id: string;
  readonly target: string;
  readonly outcome: string;
  /** Of the block. */
  readonly reason: string;
  readonly actor: string;
  readonly facts: Readonly<Record<string, string>>;
}

/**
 * Checks that the trail of an execution is these events and nothing else: each once, in this order, numbered without
 * a gap, and together one row for auditors, which is given. Without a dot they are events of the workflow's life.
 */
export async function assertTrail(
  databaseUrl: string,
  executionUid: string,
  expected: readonly string[],
): Promise<AuditedExecution> {
  const events = await select<AuditedEvent>(
    databaseUrl,
    "SELECT event_id, ordinal, event_type FROM audit.events WHERE wfe_uid = $1 ORDER BY seq",
    executionUid,
  );
  assert.deepEqual(
    events.map(({ ordinal, event_type }) => `${String(ordinal)} ${event_type}`),
    expected.map((name, index) => `${String(index + 1)} workflowexecution.${inFull(name)}`),
  );
  assert.equal(new Set(events.map(({ event_id }) => event_id)).size, expected.length, "event ids are unique");
  const view = "SELECT * FROM workflow_execution_audit WHERE id = $1";
  const rows = await select<AuditedExecution>(databaseUrl, view, executionUid);
  assert.equal(rows.length, 1, "an execution is one row for auditors");
  assert.ok(rows[0]);
  return rows[0];
}

/** The one block of which the trail of this execution or lock says that it was lifted. */
export async function recordedClearance(databaseUrl: string, uid: string): Promise<RecordedClearance> {
  const cleared =
    "SELECT namespace, wfe_name, workflow_id, target, outcome, reason, actor, facts FROM audit.events " +
    "WHERE wfe_uid = $1 AND event_type = 'workflowexecution.block.cleared'";
  const rows = await select<RecordedClearance>(databaseUrl, cleared, uid);
  assert.equal(rows.length, 1, "a block is lifted once");
  assert.ok(rows[0]);
  return rows[0];
}

function inFull(name: string): string {
  return name.includes(".") ? name : `workflow.${name}`;
}

async function select<Row extends object>(databaseUrl: string, query: string, uid: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(query, [uid])).rows;
  } finally {
    await client.end();
  }
}
