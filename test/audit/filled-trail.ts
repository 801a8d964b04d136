import { Client } from "pg";
import { auditedExecution } from "../../pkg/audit/audited-execution.ts";
import type { WrittenCheckpoint } from "../../pkg/audit/checkpoint/checkpoint.ts";
import { judgeCheckpoints, type Testimony } from "../../pkg/audit/checkpoint/judge-checkpoints.ts";
import { buildEventRow } from "../../pkg/audit/event-row.ts";
import { verifyTrail } from "../../pkg/audit/verify/verify-trail.ts";
import { aSigningKey, aWrittenCheckpoint } from "../support/a-checkpoint.ts";
import { anAuditedExecution, anEntry } from "../support/audited-execution.ts";

/** A trail with everything that one can have, and nobody who protects it. */
export interface FilledTrail {
  /** A superuser's connection. */
  readonly client: Client;
  /** Signed before anything was changed. */
  readonly checkpoint: WrittenCheckpoint;
  /** What an auditor verifies with: the checkpoint, and the key by which it must be signed. */
  readonly testimony: Testimony;
  /** The first row that nothing in the tables refers to by its hash. */
  readonly firstFree: number;
}

/**
 * Fills a migrated database with a dropped month, months that are sealed, one that is open, holds, and events of all kinds
 * of columns. Then everything that guards it is taken away, as a superuser can.
 */
export async function fillTrail(url: string, rowsPerMonth: number): Promise<FilledTrail> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("SET ROLE audit_keeper");
  await appendMonth(client, "2026-01", 5);
  await appendMonth(client, "2026-02", 5);
  await client.query("SELECT audit.drop_partition_at('events_202601', '2033-03-01')");
  await client.query("SELECT audit.drop_partition_at('events_202602', '2033-03-02')");
  const { rows } = await client.query<{ seq: string }>("SELECT seq FROM audit.head");
  await appendMonth(client, "2033-03", rowsPerMonth);
  const { rows: holds } = await client.query<{ id: string }>(
    "SELECT audit.place_hold('2033-03-01', '2033-04-01', 'case 7') AS id",
  );
  await appendMonth(client, "2033-04", rowsPerMonth);
  await client.query("SELECT audit.release_hold($1, 'closed')", [holds[0]?.id]);
  await client.query("SELECT audit.place_hold('2033-04-01', '2034-01-01', 'case 8')");
  await appendMonth(client, "2033-06", rowsPerMonth);
  await client.query("RESET ROLE");
  const { problem, last, origin } = await verifyTrail(client);
  if (problem !== undefined) throw new Error(`the trail was filled wrongly: ${problem.detail}`);
  await unprotect(client);
  const { privateKey, publicKey } = aSigningKey();
  const checkpoint = aWrittenCheckpoint({ origin, ...last }, privateKey);
  const testimony = judgeCheckpoints({ main: [checkpoint], older: [] }, [publicKey]);
  return { client, checkpoint, testimony, firstFree: Number(rows[0]?.seq) + 1 };
}

async function appendMonth(client: Client, month: string, count: number): Promise<void> {
  for (let number = 1; number <= count; number++) {
    const uid = `${month}-${String(Math.ceil(number / 4))}`;
    const day = String(1 + Math.floor((number * 28) / (count + 1))).padStart(2, "0");
    await client.query("SELECT audit.append_at($1::jsonb[], $2)", [[event(uid, number)], `${month}-${day}T12:00:00Z`]);
  }
}

function event(uid: string, number: number): string {
  const isOdd = number % 2 === 1;
  const facts = { runName: "run", runUid: "r-1", actor: "ada", actorGroups: '["a","b c"]', lockEpoch: String(number) };
  const execution = anAuditedExecution({
    uid,
    spec: isOdd ? { rationale: "out of\nmemory", confidence: 0.9, parameters: { REPLICAS: "3" } } : {},
  });
  const entry = anEntry(number, isOdd ? "started" : "completed", isOdd ? { facts, reason: "RunStarted" } : {});
  const row = buildEventRow(auditedExecution(execution), entry, { clusterId: "eu-1", recorder: "pod-1/7" });
  return JSON.stringify({ ...row, content_hash: `\\x${row.content_hash}` });
}

/** What a superuser can do who knows what guards the trail: also constraints are gone. */
async function unprotect(client: Client): Promise<void> {
  await client.query("DROP SCHEMA audit_guard CASCADE");
  await client.query("DROP FUNCTION audit.refuse_change() CASCADE");
  await client.query("DROP FUNCTION audit.refuse_step_back() CASCADE");
  const { rows } = await client.query<{ statement: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', conrelid::regclass, conname) AS statement
     FROM pg_constraint WHERE connamespace = 'audit'::regnamespace AND contype IN ('c', 'u', 'p') AND conparentid = 0`,
  );
  for (const { statement } of rows) await client.query(statement);
}
