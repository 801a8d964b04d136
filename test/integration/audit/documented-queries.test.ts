import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import type { AuditEntry } from "../../../pkg/api/workflow-execution.ts";
import { append } from "../../../pkg/audit/append.ts";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import { auditedLock } from "../../../pkg/audit/audited-lock.ts";
import type { Audited } from "../../../pkg/audit/audited.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
import { anAuditedExecution, anEntry } from "../../support/audited-execution.ts";
import { aClearing, anAuditedLock, clearingFacts } from "../../support/audited-lock.ts";
import { openMigratedServer, select } from "./migrated-database.ts";
import type { MigratedServer, OpenDatabase } from "./migrated-database.ts";
import { openLogin, type Login } from "./wfe-process.ts";

const document = new URL("../../../docs/audit.md", import.meta.url);
const [, text = ""] = /^## Asking\n([\s\S]*?)^## /m.exec(await readFile(document, "utf8")) ?? [];

/** The statements of the section, by the sentence above each. */
const queries = [...text.matchAll(/^(.+)\n+```sql\n([\s\S]*?)```/gm)].map(([, sentence = "", query = ""]) => ({
  sentence,
  query,
}));

const target = "payment/deployments.apps/api";
const run = { targetResource: target, runUid: "7684bf18-279f-47b6-8c31-9e72d3561f36" };
const times = { startTime: "2026-03-01T10:00:02Z", completionTime: "2026-03-01T10:01:32Z" };
const failure = { phase: "Failed", outcome: "Failed", failureReason: "OOMKilled", bundleDigest: "sha256:ab" };
const skip = { phase: "Skipped", outcome: "n/a", skipReason: "PreviousExecutionFailed" };

function anExecution(name: string): Audited {
  const spec = { remediationRequestRef: { name: "api-not-ready" }, targetResource: target };
  return auditedExecution(anAuditedExecution({ uid: `uid-of-${name}`, name, spec }));
}

const records: readonly (readonly [Audited, readonly AuditEntry[]])[] = [
  [
    anExecution("restart-api-1"),
    [
      anEntry(1, "requested", { facts: { targetResource: target, createdAt: "2026-03-01T09:59:58Z" } }),
      anEntry(2, "started", { facts: { ...run, startTime: times.startTime } }),
      anEntry(3, "failed", { facts: { ...run, ...times, ...failure } }),
    ],
  ],
  [
    anExecution("restart-api-2"),
    [anEntry(1), anEntry(2, "skipped", { facts: { ...skip, conflictingExecution: "remediation/restart-api-1" } })],
  ],
  [
    auditedLock(anAuditedLock()),
    [aClearing(1, { facts: { ...clearingFacts, targetResource: target, actor: "ann@example.com" } })],
  ],
];

describe("the queries in docs/audit.md, section Asking", () => {
  let server: MigratedServer;
  let database: OpenDatabase;
  let auditor: Login;
  before(async () => {
    server = await openMigratedServer();
    database = await server.open();
    auditor = await openLogin(database.url, "documented_auditor", "audit_reader");
    for (const [audited, entries] of records) {
      const rows = entries.map((entry) => buildEventRow(audited, entry, { clusterId: "" }));
      for (const outcome of (await append(database.pool, rows)).values()) assert.equal(outcome.kind, "recorded");
    }
  });
  after(async () => {
    await auditor.remove();
    await database.close();
    await server.close();
  });

  it("are ten", () => {
    assert.equal(queries.length, 10);
  });
  for (const { sentence, query } of queries) {
    it(`are answered, as an auditor: ${sentence}`, async () => {
      assert.ok((await select(auditor.url, query)).length > 0);
    });
  }
});
