import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../../test/support/builders/a-pipeline-run.ts";
import { aCase, type SnapshotWishes } from "../../../test/support/builders/a-snapshot.ts";
import { aBoundLock, aTargetLock } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { written } from "../../../test/support/builders/written.ts";
import { conditionOf, withConditions } from "../conditions.ts";
import type { Step } from "../step.ts";
import { finished } from "./finished.ts";

const at = { now: after(10), generation: 1 };
const message = "";
const conditions = withConditions(
  [],
  [
    { type: "Finished", status: "True", reason: "Succeeded", message },
    { type: "ResourceLocked", status: "True", reason: "Locked", message },
  ],
  at,
);
const pending = [
  { ordinal: 1, type: "workflowexecution.workflow.completed", at: timeAfter(10), outcome: "success" },
] as const;
const execution = aWorkflowExecution({
  status: { phase: "Completed", outcome: "Success", conditions, audit: { pending }, observedGeneration: 1 },
});
const receipt = { ordinal: 1, at: timeAfter(11), seq: 3, hash: "h" };
const held = { lock: aBoundLock(execution) };
const free = { lock: aTargetLock() };
const news = { more: { receipt } };

function finish(wishes: SnapshotWishes): Step | undefined {
  return finished(aCase({ execution, now: after(11), ...wishes }));
}

describe("an execution that has ended", () => {
  it("has nothing to do while its lock is held and nothing is committed", () => {
    assert.deepEqual(finish(held), { type: "Done" });
  });
  it("takes the receipt and the release in one write", () => {
    const status = written(finish({ ...free, ...news }));
    assert.deepEqual([status.audit?.pending, status.audit?.acked], [[], { ordinal: 1, at: timeAfter(11) }]);
    assert.equal(conditionOf(status, "ResourceLocked")?.reason, "Released");
    assert.equal(conditionOf(status, "AuditRecorded")?.status, "True");
    assert.equal(status.phase, "Completed");
  });
  const halves: Readonly<Record<string, SnapshotWishes>> = { receipt: { ...held, ...news }, release: free };
  for (const [half, wishes] of Object.entries(halves)) {
    it(`lets the ${half} wait two seconds for the other`, () => {
      assert.deepEqual(finish(wishes), { type: "Wait", until: after(12) });
      assert.equal(finish({ ...wishes, now: after(12) })?.type, "WriteStatus");
    });
  }
  it("has nothing more to do when both are written", () => {
    const done = aWorkflowExecution({ status: written(finish({ ...free, ...news })) });
    assert.deepEqual(finish({ execution: done, ...free, ...news }), { type: "Done" });
    assert.deepEqual(finish({ execution: done, ...free }), { type: "Done" });
  });
  it("is no matter of this rule before its end", () => {
    assert.equal(finished(aCase(news)), undefined);
    assert.equal(finished(aCase({ execution: aWorkflowExecution({ status: { phase: "Running" } }) })), undefined);
  });
});

describe("a cancel of an execution that has ended", () => {
  it("changes nothing but the generation that was seen", () => {
    const done = aWorkflowExecution({
      metadata: { generation: 2 },
      spec: { cancel: { mode: "Cancel" } },
      status: written(finish({ ...free, ...news })),
    });
    const step = finish({ execution: done, ...free, ...news });
    const status = written(step);
    assert.deepEqual([status.phase, status.outcome, status.observedGeneration], ["Completed", "Success", 2]);
    assert.ok(
      status.conditions?.every(({ observedGeneration, type }) => observedGeneration === 2 || type === "ResourceLocked"),
    );
    const seen = { ...done, status };
    assert.deepEqual(finish({ execution: seen, ...free, ...news }), { type: "Done" });
  });
});

describe("the run of an execution that has ended", () => {
  const executionRef = { namespace: "kubernaut-workflows", name: "the-run", uid: "uid-of-run" };
  const done = aWorkflowExecution({ status: { ...written(finish({ ...free, ...news })), executionRef } });
  const run = aPipelineRun(done, "succeeded");
  const hour = { keepRunsMs: 3_600_000, keepRuns: 2 };
  function decide(wishes: SnapshotWishes): Step | undefined {
    return finished(aCase({ execution: done, runs: [run], ...free, now: after(3609), ...wishes }, hour));
  }

  it("is kept for its time", () => {
    assert.deepEqual(decide({}), { type: "Wait", until: after(3610) });
  });
  it("is then deleted, in the version that was seen", () => {
    const step = decide({ now: after(3610) });
    assert.deepEqual(step?.type === "DeleteRun" && [step.run.uid, step.run.resourceVersion], ["uid-of-run", "200"]);
  });
  it("is deleted before where as many newer ones are kept", () => {
    assert.deepEqual(decide({ more: { newerRuns: 1 } }), { type: "Wait", until: after(3610) });
    assert.equal(decide({ more: { newerRuns: 2 } })?.type, "DeleteRun");
  });
  it("is never deleted before its audit events are committed, nor while its target is held", () => {
    const pendingStatus = { ...done.status, audit: { pending } };
    const unrecorded = aWorkflowExecution({ status: pendingStatus });
    assert.deepEqual(decide({ execution: unrecorded, now: after(9999) }), { type: "Done" });
    assert.deepEqual(decide({ lock: aBoundLock(done), now: after(9999) })?.type, "Done");
  });
  it("is not deleted twice, and nothing is to be done where it is gone", () => {
    const going = aPipelineRun(done, "succeeded", { metadata: { deletionTimestamp: timeAfter(3610) } });
    assert.deepEqual(decide({ runs: [going], now: after(3611) }), { type: "Done" });
    assert.deepEqual(decide({ runs: [] }), { type: "Done" });
  });
});
