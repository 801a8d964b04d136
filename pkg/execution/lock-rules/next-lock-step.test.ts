import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../../test/support/builders/a-pipeline-run.ts";
import { aLockSnapshot, aPolicy } from "../../../test/support/builders/a-snapshot.ts";
import { aHeldLock, aTargetLock } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { timeAfter } from "../../../test/support/builders/moments.ts";
import { lookedAt } from "../../../test/support/builders/written.ts";
import type { TargetLock } from "../../api/target-lock.ts";
import type { PipelineRun } from "../../api/tekton.ts";
import type { Step } from "../step.ts";
import { nextLockStep } from "./next-lock-step.ts";

const w = aWorkflowExecution();
const other = aWorkflowExecution({ metadata: { name: "other", uid: "uid-of-other" } });
const stray = aPipelineRun(other, "pending", { metadata: { uid: "uid-of-stray" } });

function sweep(pendingRun: PipelineRun, lock?: TargetLock, fresh: readonly "lock"[] = ["lock"]): Step {
  return nextLockStep(
    aLockSnapshot({ execution: w, pendingRuns: [pendingRun], fresh, ...(lock === undefined ? {} : { lock }) }),
    aPolicy(),
  );
}

describe("a Pending run on a target", () => {
  it("of an execution that doesn't hold it is deleted, after a fresh look at the lock", () => {
    for (const lock of [aHeldLock(w), aTargetLock(), undefined]) {
      assert.equal(lookedAt(sweep(stray, lock, [])), "lock");
      const step = sweep(stray, lock);
      assert.deepEqual(step.type === "DeleteRun" && [step.run.uid, step.run.resourceVersion], ["uid-of-stray", "200"]);
    }
  });
  it("of the holder is left alone", () => {
    assert.deepEqual(sweep(aPipelineRun(w, "pending"), aHeldLock(w)), { type: "Done" });
  });
  it("that is being deleted is left alone", () => {
    const going = aPipelineRun(other, "pending", { metadata: { deletionTimestamp: timeAfter(9) } });
    assert.deepEqual(sweep(going, aHeldLock(w)), { type: "Done" });
  });
  it("is left alone where the lock's record isn't understood", () => {
    assert.deepEqual(sweep(stray, aTargetLock({ formatVersion: 2 })), { type: "Done" });
  });
});

describe("a lock", () => {
  it("that is doubtful is looked at before anything else", () => {
    const s = aLockSnapshot({ execution: w, lock: aHeldLock(w), pendingRuns: [stray], doubtful: ["lock"] });
    assert.equal(lookedAt(nextLockStep(s, aPolicy())), "lock");
  });
  it("without anything to do is left alone", () => {
    assert.deepEqual(nextLockStep(aLockSnapshot({ lock: aTargetLock() }), aPolicy()), { type: "Done" });
  });
});
