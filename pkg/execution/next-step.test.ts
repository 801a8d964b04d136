import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../test/support/builders/a-pipeline-run.ts";
import { aPolicy, aSnapshot, type SnapshotWishes } from "../../test/support/builders/a-snapshot.ts";
import { aBlock, aBoundLock, aHeldLock, aHistory, aTargetLock } from "../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../test/support/builders/moments.ts";
import { written } from "../../test/support/builders/written.ts";
import { nextStep } from "./next-step.ts";
import type { Step } from "./step.ts";

function decide(wishes: SnapshotWishes): Step {
  return nextStep(aSnapshot(wishes), aPolicy());
}

const w = aWorkflowExecution();
const runs = [aPipelineRun(w, "pending")];
const without = aWorkflowExecution({ metadata: { finalizers: [] } });
const executionRef = { namespace: "kubernaut-workflows", name: "r", uid: "uid-of-run" };
const locks = [{ name: aBoundLock(w).metadata.name, uid: "uid-of-lock", epoch: 1 }];
const recorded = aWorkflowExecution({ status: { executionRef, locks } });

const LIFE: readonly (readonly [sentence: string, SnapshotWishes, Step["type"]])[] = [
  ["adds the finalizer before anything else", { execution: without, now: after(900) }, "AddFinalizer"],
  ["takes the lock", { fresh: ["execution"] }, "CreateLock"],
  ["creates the run", { lock: aHeldLock(w) }, "CreateRun"],
  ["binds it", { lock: aHeldLock(w), runs }, "UpdateLock"],
  ["writes it down", { lock: aBoundLock(w), runs }, "WriteStatus"],
  ["starts it", { execution: recorded, lock: aBoundLock(w), runs }, "StartRun"],
  ["waits for Tekton", { execution: recorded, lock: aBoundLock(w), runs: [aPipelineRun(w, "started")] }, "Done"],
  ["follows it", { execution: recorded, lock: aBoundLock(w), runs: [aPipelineRun(w, "running")] }, "WriteStatus"],
];

describe("an execution, step by step,", () => {
  for (const [sentence, wishes, type] of LIFE) {
    it(sentence, () => {
      assert.equal(decide(wishes).type, type);
    });
  }
});

describe("what comes first", () => {
  it("is to look at what is doubtful, even before a deletion", () => {
    const execution = aWorkflowExecution({ metadata: { deletionTimestamp: timeAfter(9) } });
    assert.equal(decide({ execution, doubtful: ["lock"] }).type, "Look");
  });
  it("is the deletion, before trouble, deadline and all else", () => {
    const execution = aWorkflowExecution({ metadata: { deletionTimestamp: timeAfter(9) } });
    const step = decide({ execution, now: after(900), more: { trouble: { reason: "QuotaExceeded", message: "" } } });
    assert.equal(written(step).outcome, "Cancelled");
  });
  it("is the deletion also of an execution that has ended", () => {
    const metadata = { deletionTimestamp: timeAfter(9) };
    const execution = aWorkflowExecution({ metadata, status: { phase: "Skipped", outcome: "n/a" } });
    assert.equal(written(decide({ execution })).audit?.pending?.[0]?.type, "workflowexecution.workflow.deleted");
  });
  it("is the deadline, before the run is started", () => {
    assert.equal(
      written(decide({ execution: recorded, lock: aBoundLock(w), runs, now: after(300) })).reason,
      "DeadlineExceeded",
    );
  });
  it("is the wish to clear a block of one that has ended, before its receipt", () => {
    const annotations = { "kubernaut.ai/clear-execution-block": "why", "kubernaut.ai/cleared-by": "ann" };
    const execution = aWorkflowExecution({ metadata: { annotations }, status: { phase: "Failed", outcome: "Failed" } });
    const blockedBy = aBlock({ uid: execution.metadata.uid ?? "" });
    const lock = aTargetLock({ workflows: [aHistory({ blockedBy })] });
    const step = decide({ execution, lock, fresh: ["lock"] });
    assert.equal(written(step).blockClearance?.clearedBy, "ann");
    const deleted = aWorkflowExecution({
      metadata: { deletionTimestamp: timeAfter(9) },
      status: written(step),
    });
    assert.equal(decide({ execution: deleted, lock }).type, "UpdateLock", "what is recorded is carried out first");
  });
  it("is nothing for an execution that has ended", () => {
    const execution = aWorkflowExecution({ status: { phase: "Skipped", outcome: "n/a", observedGeneration: 1 } });
    assert.deepEqual(decide({ execution, now: after(900) }), { type: "Done" });
  });
  it("is the finalizer, then the wish to cancel, before the deadline and the start", () => {
    const spec = { cancel: { mode: "StopRunFinally" } } as const;
    const bare = aWorkflowExecution({ spec, metadata: { finalizers: [] } });
    assert.equal(decide({ execution: bare, now: after(900) }).type, "AddFinalizer");
    assert.equal(written(decide({ execution: aWorkflowExecution({ spec }), now: after(900) })).reason, "Cancelled");
    const execution = { ...recorded, spec: { ...recorded.spec, ...spec } };
    assert.equal(written(decide({ execution, lock: aBoundLock(w), runs })).reason, "Cancelled");
  });
  it("is to stop a started run, before it is followed", () => {
    const spec = { cancel: { mode: "Cancel" } } as const;
    const execution = { ...recorded, spec: { ...recorded.spec, ...spec } };
    const running = [aPipelineRun(w, "running")];
    assert.equal(decide({ execution, lock: aBoundLock(w), runs: running }).type, "CancelRun");
    const deleted = { ...recorded, metadata: { ...recorded.metadata, deletionTimestamp: timeAfter(9) } };
    assert.equal(decide({ execution: deleted, lock: aBoundLock(w), runs: running }).type, "CancelRun");
  });
  it("is nothing for an execution that is gone", () => {
    const s = { ...aSnapshot(), execution: { value: undefined, freshness: "fresh" } } as const;
    assert.deepEqual(nextStep(s, aPolicy()), { type: "Done" });
  });
});
