import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anAuditedExecution, anEntry } from "../../test/support/audited-execution.ts";
import { aClearing, anAuditedLock, clearingFacts } from "../../test/support/audited-lock.ts";
import type { AuditEntry, WorkflowExecution, WorkflowExecutionSpec } from "../api/workflow-execution.ts";
import { auditedExecution } from "./audited-execution.ts";
import { auditedLock } from "./audited-lock.ts";
import type { EventRow } from "./event-content.ts";
import { buildEventRow } from "./event-row.ts";
import type { RowContext } from "./event-row.ts";
import { hmacKey } from "./hidden-value.ts";

const context = { clusterId: "eu-1" };
const key = hmacKey(Buffer.alloc(32, 7).toString("base64"));
const otherKey = hmacKey(Buffer.alloc(32, 8).toString("base64"));
const unknownContext = { policy_hash: null, key_id: null, recorder: null, controller_version: null };
const digest = `sha256:${"a".repeat(64)}`;
const started = anEntry(3, "started", {
  reason: "RunStarted",
  facts: { runName: "restart-checkout-0123456789abcdef", runUid: "run-1", serviceAccount: "runner", lockEpoch: "4" },
});

function rowOf(execution: WorkflowExecution, entry: AuditEntry, as: RowContext): EventRow {
  return buildEventRow(auditedExecution(execution), entry, as);
}

describe("the row of an outbox entry", () => {
  it("says who, what, when, where, why and how", () => {
    const execution = anAuditedExecution({ spec: { rationale: "out of memory", confidence: 0.9 } });
    const { content_hash: contentHash, ...content } = rowOf(execution, started, context);
    assert.deepEqual(content, {
      encoding: 1,
      event_id: "d8bfcafb-f55d-55a8-a5ac-982ac647bb51",
      wfe_uid: "2f6c1a40-3f1d-4f0e-8a53-0d1c6f1f7a11",
      ordinal: 3,
      event_type: "workflowexecution.workflow.started",
      occurred_at: "2026-03-01T10:00:00.000Z",
      outcome: "success",
      reason: "RunStarted",
      cluster_id: "eu-1",
      namespace: "remediation",
      wfe_name: "restart-checkout",
      target: "payment/Deployment/checkout",
      workflow_id: "restart-deployment",
      workflow_version: "1.2.0",
      container_image: `registry.example/workflows/restart:1.2.0@${digest}`,
      bundle_digest_asked: digest,
      bundle_digest: null,
      run_namespace: null,
      run_name: "restart-checkout-0123456789abcdef",
      run_uid: "run-1",
      service_account: "runner",
      actor: null,
      actor_uid: null,
      actor_groups: null,
      correlation_id: "rr-checkout-oom",
      remediation_uid: "5d0f6f34-6a42-4df5-9f9b-7a4a1c9d2b11",
      rationale: "out of memory",
      confidence: 0.9,
      parameters: {},
      facts: {
        runName: "restart-checkout-0123456789abcdef",
        runUid: "run-1",
        serviceAccount: "runner",
        lockEpoch: "4",
      },
      lock_epoch: 4,
      ...unknownContext,
      execution_created_at: null,
      started_at: null,
      completed_at: null,
    });
    // A change of it makes recorded events look like others.
    assert.equal(contentHash, "b174c96e106dd293ee0a3dd097fcf96508385e87798cff53bf5b61b1a8ea5788");
  });

  it("is the same when it is built again after the status has gone on", () => {
    const before = anAuditedExecution({ audit: { pending: [started] } });
    const after = anAuditedExecution({
      resourceVersion: "9",
      audit: { acked: { ordinal: 2, at: started.at }, seq: 8 },
    });
    assert.deepEqual(rowOf(after, started, context), rowOf(before, started, context));
  });

  it("takes the canonical target from the event, where that names it", () => {
    const entry = anEntry(1, "requested", { facts: { targetResource: "payment/deployments.apps/checkout" } });
    assert.equal(rowOf(anAuditedExecution(), entry, context).target, "payment/deployments.apps/checkout");
  });

  it("has the times of the run as times, and none for what is no time", () => {
    const facts = {
      createdAt: "2026-03-01T11:00:00+01:00",
      startTime: "2026-03-01T10:00:01.5Z",
      completionTime: "soon",
    };
    const row = rowOf(anAuditedExecution(), anEntry(1, "completed", { facts }), context);
    assert.equal(row.execution_created_at, "2026-03-01T10:00:00.000Z");
    assert.equal(row.started_at, "2026-03-01T10:00:01.500Z");
    assert.equal(row.completed_at, null);
    assert.equal(row.facts["completionTime"], "soon");
  });

  const digests: Readonly<Record<string, readonly [Partial<WorkflowExecutionSpec["workflowRef"]>, string | null]>> = {
    "inside the reference": [{ containerImage: `r.example/w@${digest}` }, digest],
    "beside the reference": [{ containerImage: "r.example/w:1", containerDigest: digest }, digest],
    "under the newer names": [{ executionBundle: "r.example/w:1", executionBundleDigest: digest }, digest],
    nowhere: [{ containerImage: "r.example/w:1" }, null],
  };
  for (const [where, [reference, expected]] of Object.entries(digests)) {
    it(`knows the digest that was asked for: ${where}`, () => {
      const workflowRef = { workflowId: "w", version: "1", ...reference };
      const row = rowOf(anAuditedExecution({ spec: { workflowRef } }), started, context);
      assert.equal(row.bundle_digest_asked, expected);
    });
  }

  it("names the service account that was asked for until a run has one", () => {
    const execution = anAuditedExecution({ spec: { executionConfig: { serviceAccountName: "asked" } } });
    assert.equal(rowOf(execution, anEntry(1), context).service_account, "asked");
    assert.equal(rowOf(execution, started, context).service_account, "runner");
  });

  it("says who records it, under which policy and key, where that is known", () => {
    const recorder = { policyHash: "p", hmacKey: key, recorder: "pod-1/7", controllerVersion: "2.0.0" };
    const row = rowOf(anAuditedExecution(), anEntry(1), { ...context, ...recorder });
    assert.deepEqual(
      [row.policy_hash, row.key_id, row.recorder, row.controller_version],
      ["p", key.id, "pod-1/7", "2.0.0"],
    );
  });

  const whos: Readonly<Record<string, readonly [Readonly<Record<string, string>>, readonly unknown[]]>> = {
    "with uid and groups": [
      { actor: "ada", actorUid: "u-1", actorGroups: '["sre","on, call"]', lockEpoch: "12" },
      ["ada", "u-1", ["sre", "on, call"], 12],
    ],
    "without groups that are no list of names": [
      { actor: "ada", actorGroups: '["sre", 1]', lockEpoch: "-1" },
      ["ada", null, null, null],
    ],
    "without groups that are no JSON": [
      { actor: "ada", actorGroups: "sre", lockEpoch: "x" },
      ["ada", null, null, null],
    ],
  };
  for (const [sentence, [facts, expected]] of Object.entries(whos)) {
    it(`names who did it ${sentence}, and the lock's epoch`, () => {
      const row = rowOf(anAuditedExecution(), anEntry(1, "started", { facts }), context);
      assert.deepEqual([row.actor, row.actor_uid, row.actor_groups, row.lock_epoch], expected);
      assert.deepEqual(row.facts, facts);
    });
  }

  it("can be stored, whatever text Kubernetes accepts", () => {
    const spec = { rationale: "a\0b\uD800c", parameters: { TARGET_RESOURCE_NAME: "\0" } };
    const entry = anEntry(1, "failed", { facts: { m: "\uDC00" } });
    const row = rowOf(anAuditedExecution({ spec }), entry, { ...context, shownParameters: ["TARGET_RESOURCE_NAME"] });
    assert.equal(row.rationale, "a\uFFFDb\uFFFDc");
    assert.equal(row.parameters["TARGET_RESOURCE_NAME"], "\uFFFD");
    assert.equal(row.facts["m"], "\uFFFD");
  });
});

describe("the row of an entry in a target lock's outbox", () => {
  it("says which block of which workflow was cleared on which target, by whom and why", () => {
    const lock = anAuditedLock();
    const { content_hash: contentHash, ...content } = buildEventRow(auditedLock(lock), aClearing(2), context);
    assert.deepEqual(content, {
      encoding: 1,
      event_id: "edf70bbe-715b-56d7-b1d0-fada5200e6f4",
      wfe_uid: "lock-1",
      ordinal: 2,
      event_type: "workflowexecution.block.cleared",
      occurred_at: "2026-03-01T10:30:00.000Z",
      outcome: "success",
      reason: "PreviousExecutionFailed",
      cluster_id: "eu-1",
      namespace: "",
      wfe_name: lock.metadata.name,
      target: "payment/deployments.apps/checkout",
      workflow_id: "restart-deployment",
      workflow_version: "",
      container_image: null,
      bundle_digest_asked: null,
      bundle_digest: null,
      run_namespace: null,
      run_name: null,
      run_uid: null,
      service_account: null,
      actor: "ada@example.com",
      actor_uid: null,
      actor_groups: null,
      correlation_id: lock.metadata.name,
      remediation_uid: null,
      rationale: null,
      confidence: null,
      parameters: {},
      facts: clearingFacts,
      lock_epoch: null,
      ...unknownContext,
      execution_created_at: null,
      started_at: null,
      completed_at: null,
    });
    // As above: recorded events must be recognised for ever.
    assert.equal(contentHash, "572899eb4c95f7caf184a4801b626811a25497b450ca1c8f36f04fa1632a88e7");
  });

  it("is the same when it is built again after the lock was taken by others and cleared again", () => {
    const before = anAuditedLock({ audit: { pending: [aClearing(2)] } });
    const holder = {
      ...{ namespace: "remediation", name: "another", uid: "another" },
      ...{ workflowId: "scale-deployment", since: "2026-03-01T10:40:00Z" },
    };
    const later = anAuditedLock({
      resourceVersion: "12",
      spec: { state: "Held", epoch: 5, holder, workflows: [{ workflowId: "scale-deployment" }] },
      audit: { acked: { ordinal: 1, at: "2026-03-01T10:35:00Z" }, seq: 4, pending: [aClearing(2), aClearing(3)] },
    });
    const rows = [before, later].map((lock) => buildEventRow(auditedLock(lock), aClearing(2), context));
    assert.deepEqual(rows[1], rows[0]);
  });

  it("has the lock's own target and no workflow where the event names neither", () => {
    const row = buildEventRow(auditedLock(anAuditedLock()), aClearing(1, { facts: {} }), context);
    assert.deepEqual([row.target, row.workflow_id], ["payment/deployments.apps/checkout", ""]);
  });
});

describe("the row of a clearing in an execution's outbox", () => {
  it("says who cleared it, and remains the execution's", () => {
    const row = rowOf(anAuditedExecution(), aClearing(5), context);
    assert.deepEqual(
      [row.wfe_name, row.namespace, row.actor, row.workflow_version, row.correlation_id],
      ["restart-checkout", "remediation", "ada@example.com", "1.2.0", "rr-checkout-oom"],
    );
  });
});

describe("the content hash of a row", () => {
  const execution = anAuditedExecution({ spec: { parameters: { REPLICAS: "3" } } });
  const row = rowOf(execution, started, context);

  it("recognises an event that is sent again under another configuration", () => {
    const again = rowOf(execution, started, {
      clusterId: "renamed",
      shownParameters: ["REPLICAS"],
      ...{ policyHash: "p", hmacKey: key, recorder: "pod-1/7", controllerVersion: "2.0.0" },
    });
    assert.equal(again.content_hash, row.content_hash);
  });

  it("recognises an event that is sent again under another key", () => {
    const [before, after] = [key, otherKey].map((hmacKey) => rowOf(execution, started, { ...context, hmacKey }));
    assert.notEqual(after?.parameters["REPLICAS"], before?.parameters["REPLICAS"]);
    assert.equal(after?.content_hash, before?.content_hash);
  });

  const others = {
    "another reason": rowOf(execution, { ...started, reason: "Other" }, context),
    "another time": rowOf(execution, { ...started, at: "2026-03-01T10:00:00.001Z" }, context),
    "another outcome": rowOf(execution, { ...started, outcome: "failure" }, context),
    "another fact": rowOf(execution, { ...started, facts: { ...started.facts, lockEpoch: "5" } }, context),
    "another parameter": rowOf(anAuditedExecution({ spec: { parameters: { OTHER: "3" } } }), started, context),
    "an empty rationale instead of none": rowOf(
      anAuditedExecution({ spec: { parameters: { REPLICAS: "3" }, rationale: "" } }),
      started,
      context,
    ),
  };
  for (const [sentence, other] of Object.entries(others)) {
    it(`differs for ${sentence}`, () => {
      assert.notEqual(other.content_hash, row.content_hash);
    });
  }
});
