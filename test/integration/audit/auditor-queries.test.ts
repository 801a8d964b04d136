import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { append } from "../../../pkg/audit/append.ts";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import type { EventRow } from "../../../pkg/audit/event-content.ts";
import type { ExecutionFilter } from "../../../pkg/audit/ask/execution-filter.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
import { findExecutions } from "../../../pkg/audit/sql/find-executions.ts";
import { anAuditedExecution, anEntry } from "../../support/audited-execution.ts";
import { openMigratedServer, select } from "./migrated-database.ts";
import type { MigratedServer, OpenDatabase } from "./migrated-database.ts";

/** What auditors ask, each with how many rows answer it. */
const queries: Readonly<Record<string, readonly [string, number]>> = {
  "what happened to an execution": ["SELECT * FROM audit.events WHERE wfe_uid = 'uid-7' ORDER BY ordinal", 4],
  "what happened to an execution of which only the name is known": [
    "SELECT * FROM audit.events WHERE wfe_name = 'name-7' AND namespace = 'remediation' ORDER BY seq",
    4,
  ],
  "what was done for a remediation": ["SELECT * FROM audit.events WHERE correlation_id = 'rr-7' ORDER BY seq", 4],
  "what was done to a target in some days": [
    "SELECT * FROM audit.events WHERE target = 'ns/Deployment/app-7' AND occurred_at BETWEEN '2026-03-01' AND '2026-03-03'",
    40,
  ],
  "when a workflow was used": [
    "SELECT * FROM audit.events WHERE workflow_id = 'workflow-7' AND occurred_at >= '2026-03-01' ORDER BY occurred_at",
    40,
  ],
  "what a person did": ["SELECT * FROM audit.events WHERE actor = 'person-7' ORDER BY occurred_at", 40],
  "what failed since some time": [
    "SELECT * FROM audit.events WHERE event_type = 'workflowexecution.workflow.failed' AND occurred_at > '2026-03-01'",
    39,
  ],
  "whose run that was, which the API server's log names": ["SELECT * FROM audit.events WHERE run_uid = 'run-7'", 4],
  "what a receipt speaks of": ["SELECT * FROM audit.events WHERE seq = 77", 1],
  "what an event id speaks of": [
    `SELECT e.* FROM audit.keys AS k JOIN audit.events AS e ON e.seq = k.seq
     WHERE k.event_id = (SELECT event_id FROM audit.events WHERE seq = 77)`,
    1,
  ],
  "how an execution ended": ["SELECT * FROM workflow_execution_audit WHERE id = 'uid-7'", 1],
  "how the executions of a remediation ended": [
    "SELECT * FROM workflow_execution_audit WHERE correlation_id = 'rr-7'",
    1,
  ],
};

/** What `wfe audit query` is asked, each with how many executions answer it (at most 51). */
const filters: Readonly<Record<string, readonly [Omit<ExecutionFilter, "limit">, number]>> = {
  "the newest executions": [{}, 51],
  "the executions on a target": [{ targets: ["ns/Deployment/app-7", "ns/deployments.apps/app-7"] }, 10],
  "the executions in a namespace": [{ targetPrefix: "ns/" }, 51],
  "the executions of a workflow": [{ workflowId: "workflow-7" }, 10],
  "the executions that a person had to do with": [{ actor: "person-7" }, 10],
  "the executions for a remediation": [{ correlationId: "rr-7" }, 1],
  "the executions that failed": [{ phase: "Failed" }, 40],
  "the executions since a moment": [{ since: "2026-03-01T16:00:00Z" }, 40],
};

const EXECUTIONS = 1_000;

/** Four events of an execution; every tenth ends with a failure. */
function eventsOf(number: number): readonly EventRow[] {
  const part = String(number % 100);
  const execution = anAuditedExecution({
    uid: `uid-${String(number)}`,
    name: `name-${String(number)}`,
    spec: {
      remediationRequestRef: { name: `rr-${String(number)}` },
      workflowRef: { workflowId: `workflow-${part}`, version: "1" },
      targetResource: `ns/Deployment/app-${part}`,
    },
  });
  const at = new Date(Date.parse("2026-03-01T00:00:00Z") + number * 60_000).toISOString();
  const facts = { runUid: `run-${String(number)}`, actor: `person-${part}` };
  const names = ["requested", "starting", "started", number % 25 === 0 ? "failed" : "completed"];
  return names.map((name, index) =>
    buildEventRow(auditedExecution(execution), anEntry(index + 1, name, { at, facts }), { clusterId: "" }),
  );
}

describe("what auditors ask of the trail", () => {
  let server: MigratedServer;
  let database: OpenDatabase;
  let filled: string;
  before(async () => {
    server = await openMigratedServer();
    database = await server.open();
    for (let first = 0; first < EXECUTIONS; first += 50) {
      await append(database.pool, Array.from({ length: 50 }, (_, index) => eventsOf(first + index)).flat());
    }
    await database.pool.query("ANALYZE");
    const [row] = await select(database.url, "SELECT min(name) AS name FROM audit.partitions");
    filled = String(row?.["name"]);
  });
  after(async () => {
    await database.close();
    await server.close();
  });

  async function assertIndexed(text: string, values: unknown[] = []): Promise<void> {
    const { rows } = await database.pool.query<{ "QUERY PLAN": string }>(`EXPLAIN ${text}`, values);
    const plan = rows.map((line) => line["QUERY PLAN"]);
    const scans = plan.filter((line) => line.includes(filled) || line.includes("Seq Scan on keys"));
    assert.ok(
      scans.some((line) => /Index/.test(line)),
      plan.join("\n"),
    );
    assert.deepEqual(
      scans.filter((line) => /Seq Scan/.test(line)),
      [],
      plan.join("\n"),
    );
  }

  for (const [sentence, [query, count]] of Object.entries(queries)) {
    it(`${sentence} is answered by an index`, async () => {
      assert.equal((await select(database.url, query)).length, count);
      await assertIndexed(query);
    });
  }
  for (const [sentence, [filter, count]] of Object.entries(filters)) {
    it(`${sentence} are found by indexes`, async () => {
      const { text, values } = findExecutions({ ...filter, limit: 51 });
      assert.equal((await database.pool.query(text, values)).rowCount, count);
      await assertIndexed(text, values);
    });
  }
});
