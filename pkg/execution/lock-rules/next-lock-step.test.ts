import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../../test/support/builders/a-pipeline-run.ts";
import { aLockSnapshot, aPolicy } from "../../../test/support/builders/a-snapshot.ts";
import { aBlock, aHeldLock, aHistory, aTargetLock } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
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
  it("that is held is left alone", () => {
    assert.deepEqual(nextLockStep(aLockSnapshot({ execution: w, lock: aHeldLock(w) }), aPolicy()), { type: "Done" });
  });
});

describe("the outbox of a lock", () => {
  const pending = [1, 2].map(
    (ordinal) => ({ ordinal, type: "workflowexecution.block.cleared", at: timeAfter(0), outcome: "success" }) as const,
  );
  const receipt = { ordinal: 1, at: timeAfter(9), seq: 7, hash: "h" };
  const lock = aTargetLock({ audit: { pending } });
  it("holds what is committed no longer as pending, and has the receipt", () => {
    const step = nextLockStep(aLockSnapshot({ lock, receipt }), aPolicy());
    assert.deepEqual(step, {
      type: "UpdateLock",
      lock: {
        ...lock,
        spec: {
          ...lock.spec,
          audit: {
            ...{ pending: pending.slice(1), recorded: [JSON.stringify(pending[0])] },
            ...{ acked: { ordinal: 1, at: timeAfter(9) }, seq: 7, hash: "h" },
          },
        },
      },
    });
  });
  it("is left alone where the receipt is no news, or the record isn't understood", () => {
    const known = aTargetLock({ audit: { pending: pending.slice(1), acked: { ordinal: 1, at: timeAfter(9) } } });
    for (const one of [known, aTargetLock({ ...lock.spec, formatVersion: 2 })]) {
      assert.deepEqual(nextLockStep(aLockSnapshot({ lock: one, receipt }), aPolicy()), { type: "Done" });
    }
  });
});

describe("what comes first at a lock", () => {
  const annotations = { "kubernaut.ai/clear-execution-block": "bad: why", "kubernaut.ai/cleared-by": "ann" };
  const workflows = [aHistory({ workflowId: "bad", blockedBy: aBlock() })];
  function wished(lock: TargetLock): TargetLock {
    return { ...lock, metadata: { ...lock.metadata, annotations, creationTimestamp: timeAfter(0) } };
  }
  it("is its release: the wish to clear a block is granted after it", () => {
    const ended = aWorkflowExecution({ status: { phase: "Skipped", outcome: "n/a" } });
    const s = aLockSnapshot({ execution: ended, lock: wished(aHeldLock(w, { workflows })), fresh: "all" });
    const step = nextLockStep(s, aPolicy());
    assert.ok(step.type === "UpdateLock");
    assert.deepEqual([step.lock.spec.state, step.lock.metadata.annotations], ["Free", annotations]);
  });
  it("is the wish to clear a block, before runs are swept and the record grows old", () => {
    const s = aLockSnapshot({ lock: wished(aTargetLock({ workflows })), pendingRuns: [stray], fresh: "all" });
    const step = nextLockStep({ ...s, now: after(900_000) }, aPolicy());
    assert.deepEqual(step.type === "UpdateLock" && step.lock.metadata.annotations, {});
  });
  it("is the sweep of a run, before the record grows old", () => {
    const old = wished(aTargetLock());
    const lock = { ...old, metadata: { ...old.metadata, annotations: {} } };
    const s = { ...aLockSnapshot({ lock, pendingRuns: [stray], fresh: "all" }), now: after(900_000) };
    assert.equal(nextLockStep(s, aPolicy()).type, "DeleteRun");
    assert.equal(nextLockStep({ ...s, pendingRuns: [] }, aPolicy()).type, "DeleteLock");
  });
});
