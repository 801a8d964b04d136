import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { append } from "../../../pkg/audit/append.ts";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
import { actorFacts } from "../../../pkg/execution/actor-facts.ts";
import { stepsFact } from "../../../pkg/execution/steps-fact.ts";
import { executedPods } from "../../../pkg/tekton/executed-pods.ts";
import { anAuditedExecution, anEntry } from "../../support/audited-execution.ts";
import { recordedRun } from "../../support/recorded-run.ts";
import { openMigratedServer, select } from "./migrated-database.ts";
import type { MigratedServer, OpenDatabase } from "./migrated-database.ts";

const IMAGE = "127.0.0.1:5000/lab/action@sha256:f6680eaf56e83eac28e007b14dec8202f76a4030900024571f32adba1c3d68fa";

/** As in docs/audit.md. */
const stepsOf = `
  SELECT p ->> 'task' AS task, p ->> 'podUid' AS pod_uid, s ->> 'step' AS step, s ->> 'image' AS image
  FROM audit.events AS e,
       jsonb_array_elements((e.facts ->> 'steps')::jsonb -> 'pods') AS p,
       jsonb_array_elements(p -> 'steps') AS s
  WHERE e.wfe_name = 'restart-checkout' AND e.namespace = 'remediation'`;

describe("what is on record about a run", () => {
  let server: MigratedServer;
  let database: OpenDatabase;
  before(async () => {
    server = await openMigratedServer();
    database = await server.open();
    const steps = stepsFact(executedPods(recordedRun("succeeded"))) ?? "";
    const { actor = "", actorGroups = "" } = actorFacts({ username: "ada", groups: ["sre", "on, call"] });
    const entries = [
      anEntry(1, "requested", { facts: { actor, actorGroups } }),
      anEntry(2, "completed", { facts: { phase: "Completed", outcome: "Success", steps } }),
    ];
    const audited = auditedExecution(anAuditedExecution());
    const recorder = { clusterId: "", recorder: "pod-1/7", policyHash: "p", controllerVersion: "1" };
    await append(
      database.pool,
      entries.map((entry) => buildEventRow(audited, entry, recorder)),
    );
  });
  after(async () => {
    await database.close();
    await server.close();
  });

  it("says which images its steps ran, and in which pods", async () => {
    assert.deepEqual(await select(database.url, stepsOf), [
      { task: "patch", pod_uid: "0d46ff9a-f758-41bc-aff8-0329dc3d3012", step: "main", image: IMAGE },
      { task: "verify", pod_uid: "35c596f5-7a98-40e2-81b1-a69a39309079", step: "main", image: IMAGE },
    ]);
  });

  it("says who asked, and who recorded it", async () => {
    const query = `
      SELECT event_type, actor, actor_uid, actor_groups, recorder, policy_hash, controller_version
      FROM audit.events ORDER BY seq`;
    const recorded = { actor_uid: null, recorder: "pod-1/7", policy_hash: "p", controller_version: "1" };
    const type = "workflowexecution.workflow";
    assert.deepEqual(await select(database.url, query), [
      { event_type: `${type}.requested`, actor: "ada", actor_groups: ["sre", "on, call"], ...recorded },
      { event_type: `${type}.completed`, actor: null, actor_groups: null, ...recorded },
    ]);
  });

  it("leaves the view for auditors as it is", async () => {
    const [row] = await select(database.url, "SELECT phase, outcome FROM workflow_execution_audit");
    assert.deepEqual(row, { phase: "Completed", outcome: "Success" });
  });
});
