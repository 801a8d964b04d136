import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Pool } from "pg";
import type { AuditEntry } from "../../../pkg/api/workflow-execution.ts";
import { append } from "../../../pkg/audit/append.ts";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import { auditedLock } from "../../../pkg/audit/audited-lock.ts";
import type { Audited } from "../../../pkg/audit/audited.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
import { anAuditedExecution, anEntry } from "../../support/audited-execution.ts";
import { aClearing, anAuditedLock, clearingFacts } from "../../support/audited-lock.ts";
import type { TestDatabase } from "../../support/postgres-database.ts";
import { openMigratedServer } from "./migrated-database.ts";
import type { MigratedServer } from "./migrated-database.ts";

const target = "payment/deployments.apps/checkout";
const image = anAuditedExecution().spec.workflowRef.containerImage;
const parameters = { TARGET_RESOURCE_NAME: "checkout", API_TOKEN: "s3cret" };

const requested = anEntry(1, "requested", {
  at: "2026-03-01T10:00:00Z",
  facts: { createdAt: "2026-03-01T09:59:58Z", targetResource: target },
});
const run = { runNamespace: "kubernaut-workflows", runName: "restart-checkout-0123", runUid: "run-1" };
const starting = anEntry(2, "starting", { at: "2026-03-01T10:00:01Z", outcome: "pending", facts: run });
const started = anEntry(3, "started", {
  at: "2026-03-01T10:00:02Z",
  facts: { ...run, startTime: "2026-03-01T10:00:02Z" },
});
const times = { startTime: "2026-03-01T10:00:02Z", completionTime: "2026-03-01T10:01:32Z", duration: "1m30s" };

const asked = {
  id: "life",
  remediation_id: "5d0f6f34-6a42-4df5-9f9b-7a4a1c9d2b11",
  workflow_id: "restart-deployment",
  workflow_version: "1.2.0",
  container_image: image,
  target_resource: target,
  parameters: { TARGET_RESOURCE_NAME: "checkout", API_TOKEN: "redacted" },
  correlation_id: "rr-checkout-oom",
  created_at: new Date("2026-03-01T09:59:58Z"),
};
const nothing = {
  total_duration: null,
  pipelinerun_name: null,
  outcome: null,
  failure_reason: null,
  failure_message: null,
  skip_reason: null,
  conflicting_wfe: null,
  started_at: null,
  completed_at: null,
};
const ran = {
  total_duration: "00:01:30",
  pipelinerun_name: "restart-checkout-0123",
  started_at: new Date("2026-03-01T10:00:02Z"),
  completed_at: new Date("2026-03-01T10:01:32Z"),
};

const completed = anEntry(4, "completed", { facts: { ...run, ...times, phase: "Completed", outcome: "Success" } });
const success = { ...ran, phase: "Completed", outcome: "Success" };
const failed = anEntry(4, "failed", {
  outcome: "failure",
  reason: "OOMKilled",
  facts: {
    ...run,
    ...times,
    phase: "Failed",
    outcome: "Failed",
    failureReason: "OOMKilled",
    failureMessage: "step apply of task patch ran out of memory",
    failedTask: "patch",
    failedStep: "apply",
    exitCode: "137",
  },
});
const failure = {
  ...ran,
  phase: "Failed",
  outcome: "Failed",
  failure_reason: "OOMKilled",
  failure_message: "step apply of task patch ran out of memory",
};
/** Facts that a clearing could have besides its own, under the names that tell of an execution's end elsewhere. */
const disturbing = {
  ...clearingFacts,
  ...{ phase: "Cleared", outcome: "success", runName: "other", skipReason: "PreviousExecutionFailed" },
  ...{ failureReason: "none", failureMessage: "none", conflictingExecution: "remediation/other" },
  ...{ targetResource: "payment/deployments.apps/other", createdAt: "2026-03-01T12:00:00Z" },
  ...{ startTime: "2026-03-01T12:00:00Z", completionTime: "2026-03-01T12:00:01Z" },
};

interface Life {
  readonly entries: readonly AuditEntry[];
  readonly row: Readonly<Record<string, unknown>>;
}

const lives: Readonly<Record<string, Life>> = {
  "one that waits": { entries: [requested], row: { phase: "Pending" } },
  "one whose run is about to start": {
    entries: [requested, starting],
    row: { phase: "Pending", pipelinerun_name: "restart-checkout-0123" },
  },
  "one that runs": {
    entries: [requested, starting, started],
    row: { phase: "Running", pipelinerun_name: "restart-checkout-0123", started_at: ran.started_at },
  },
  "a success": { entries: [requested, starting, started, completed], row: success },
  "a failure, also after it was deleted": {
    entries: [
      requested,
      starting,
      started,
      failed,
      anEntry(5, "deleted", { facts: { deletedAt: "2026-03-01T11:00:00Z" } }),
    ],
    row: failure,
  },
  "a failure whose block was cleared, also after it was deleted": {
    entries: [requested, starting, started, failed, aClearing(5), anEntry(6, "deleted")],
    row: failure,
  },
  "a failure, whatever facts its clearing has": {
    entries: [requested, starting, started, failed, aClearing(5, { facts: disturbing })],
    row: failure,
  },
  "a success that was cleared though nothing was blocked": {
    entries: [requested, starting, started, completed, aClearing(5)],
    row: success,
  },
  "one that was skipped": {
    entries: [
      requested,
      anEntry(2, "skipped", {
        reason: "ResourceBusy",
        facts: {
          phase: "Skipped",
          outcome: "n/a",
          completionTime: "2026-03-01T10:00:01Z",
          skipReason: "ResourceBusy",
          conflictingExecution: "remediation/restart-checkout-before",
        },
      }),
    ],
    row: {
      phase: "Skipped",
      outcome: "n/a",
      skip_reason: "ResourceBusy",
      conflicting_wfe: "remediation/restart-checkout-before",
      completed_at: new Date("2026-03-01T10:00:01Z"),
    },
  },
  "one that was cancelled": {
    entries: [
      requested,
      starting,
      started,
      anEntry(4, "cancelled", { facts: { ...run, ...times, outcome: "Cancelled" } }),
    ],
    row: { ...ran, phase: "Failed", outcome: "Cancelled" },
  },
};

describe("the view workflow_execution_audit", () => {
  let server: MigratedServer;
  let database: TestDatabase & { readonly pool: Pool };
  before(async () => {
    server = await openMigratedServer();
  });
  after(() => server.close());
  beforeEach(async () => {
    database = await server.open();
  });
  afterEach(() => database.close());

  function record(uid: string, entries: readonly AuditEntry[]): Promise<void> {
    return recordOf(auditedExecution(anAuditedExecution({ uid, spec: { parameters } })), entries);
  }

  async function recordOf(audited: Audited, entries: readonly AuditEntry[]): Promise<void> {
    const context = { clusterId: "", shownParameters: ["TARGET_RESOURCE_NAME"] };
    const outcomes = await append(
      database.pool,
      entries.map((entry) => buildEventRow(audited, entry, context)),
    );
    for (const outcome of outcomes.values()) assert.equal(outcome.kind, "recorded");
  }

  async function view(condition: string): Promise<readonly unknown[]> {
    const durationAsText = "SELECT *, total_duration::text AS total_duration FROM workflow_execution_audit";
    const { rows } = await database.pool.query<Record<string, unknown>>(`${durationAsText} WHERE ${condition}`);
    return rows;
  }

  for (const [sentence, { entries, row }] of Object.entries(lives)) {
    it(`has one row for ${sentence}`, async () => {
      await record("life", entries);
      await record("another", [requested]);
      assert.deepEqual(await view("id = 'life'"), [{ ...asked, ...nothing, ...row }]);
    });
  }

  it("has no row for a target lock", async () => {
    await recordOf(auditedLock(anAuditedLock()), [aClearing(1), aClearing(2)]);
    await record("life", [requested]);
    assert.deepEqual(await view("true"), [{ ...asked, ...nothing, phase: "Pending" }]);
  });

  it("has one row for an execution whose first events were lost", async () => {
    await record("life", [starting, started]);
    assert.deepEqual(await view("true"), [
      {
        ...asked,
        ...nothing,
        target_resource: "payment/Deployment/checkout",
        created_at: new Date(starting.at),
        phase: "Running",
        pipelinerun_name: "restart-checkout-0123",
        started_at: ran.started_at,
      },
    ]);
  });

  it("says what is known last where events differ", async () => {
    const asGiven = anEntry(1, "requested", { facts: { targetResource: "payment/Deployment/checkout" } });
    const canonical = anEntry(2, "starting", { facts: { targetResource: target } });
    await record("life", [asGiven, canonical]);
    const [row] = await view("true");
    assert.equal((row as { readonly target_resource: string }).target_resource, target);
  });

  it("can be read although a fact is not what it should be", async () => {
    await record("life", [anEntry(1, "completed", { facts: { startTime: "soon", completionTime: "later" } })]);
    assert.equal((await view("true")).length, 1);
  });
});
