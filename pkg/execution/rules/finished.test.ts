import assert from "node:assert/strict";
import { describe, it } from "node:test";
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
  status: { phase: "Completed", outcome: "Success", conditions, audit: { pending } },
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
    assert.deepEqual(status.audit, { pending: [], acked: { ordinal: 1, at: timeAfter(11) }, seq: 3, hash: "h" });
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
