import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { append } from "../../../pkg/audit/append.ts";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import type { EventRow } from "../../../pkg/audit/event-content.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
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

  for (const [sentence, [query, count]] of Object.entries(queries)) {
    it(`${sentence} is answered by an index`, async () => {
      assert.equal((await select(database.url, query)).length, count);
      const plan = (await select(database.url, `EXPLAIN ${query}`)).map((line) => String(line["QUERY PLAN"]));
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
    });
  }
});
