import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun, type RunProgress, type RunWishes } from "../../../test/support/builders/a-pipeline-run.ts";
import { aCase, type SnapshotWishes } from "../../../test/support/builders/a-snapshot.ts";
import { aBoundLock, aTargetLock } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, lookedAt, written } from "../../../test/support/builders/written.ts";
import { aPod } from "../../../test/support/a-task-run.ts";
import type { WorkflowExecution, WorkflowExecutionStatus } from "../../api/workflow-execution.ts";
import type { Step } from "../step.ts";
import { deleting } from "./deleting.ts";

const executionRef = { namespace: "kubernaut-workflows", name: "the-run", uid: "uid-of-run" };

function aDeleted(status: Partial<WorkflowExecutionStatus> = {}): WorkflowExecution {
  return aWorkflowExecution({ metadata: { deletionTimestamp: timeAfter(10) }, status });
}

function withRun(
  progress: RunProgress,
  status: Partial<WorkflowExecutionStatus> = {},
  run: RunWishes = {},
): Step | undefined {
  const execution = aDeleted({ executionRef, ...status });
  return deleting(aCase({ execution, runs: [aPipelineRun(execution, progress, run)], now: after(12) }));
}

function exactly(step: Step | undefined): unknown {
  return step?.type === "CancelRun" ? [step.mode, step.run.uid, step.run.resourceVersion] : step;
}

describe("an execution that isn't deleted, or not held by us", () => {
  it("is no matter of this rule", () => {
    assert.equal(deleting(aCase()), undefined);
  });
  it("is left alone where our finalizer is gone", () => {
    const execution = aWorkflowExecution({ metadata: { deletionTimestamp: timeAfter(10), finalizers: ["other"] } });
    assert.deepEqual(deleting(aCase({ execution })), { type: "Done" });
  });
});

describe("a deleted execution", () => {
  it("without a run ends as Cancelled at once", () => {
    const step = deleting(aCase({ execution: aDeleted() }));
    const { phase, outcome, reason, failureDetails } = written(step);
    assert.deepEqual([phase, outcome, reason], ["Failed", "Cancelled", "Cancelled"]);
    assert.equal(failureDetails?.wasExecutionFailure, false);
    assert.deepEqual(eventsIn(step), ["requested", "cancelled"]);
  });
  it("with a Pending run writes the verdict first, then deletes that run", () => {
    assert.equal(written(withRun("pending")).reason, "Cancelled");
    assert.equal(withRun("pending", { reason: "Cancelled" })?.type, "DeleteRun");
  });
  it("whose Pending run was deleted by us ends as Cancelled", () => {
    const execution = aDeleted({ executionRef, reason: "Cancelled" });
    const step = deleting(aCase({ execution, more: { neverStarted: executionRef.uid } }));
    assert.equal(written(step).outcome, "Cancelled");
  });
  it("whose run was started although the verdict was written cancels it politely: it isn't deleted in mid-run", () => {
    assert.deepEqual(exactly(withRun("running", { reason: "Cancelled" })), [
      "CancelledRunFinally",
      "uid-of-run",
      "200",
    ]);
  });
  it("cancels its running run, politely first", () => {
    assert.deepEqual(exactly(withRun("running", { phase: "Running" })), ["CancelledRunFinally", "uid-of-run", "200"]);
  });
  it("whose run is done or gone is another rule's matter", () => {
    assert.equal(withRun("succeeded", { phase: "Running" }), undefined);
    assert.equal(deleting(aCase({ execution: aDeleted({ executionRef, phase: "Running" }) })), undefined);
  });

  const polite = { spec: { status: "CancelledRunFinally", timeouts: { finally: "1m" } } };
  function later(seconds: number, run: RunWishes, spec: WorkflowExecution["spec"] = aDeleted().spec): Step | undefined {
    const execution = { ...aDeleted({ executionRef, phase: "Running" }), spec };
    return deleting(aCase({ execution, runs: [aPipelineRun(execution, "running", run)], now: after(seconds) }));
  }
  it("waits for the time that its run was given for `finally`", () => {
    assert.deepEqual(later(69, polite), { type: "Wait", until: after(70) });
  });
  it("then cancels it for good", () => {
    assert.deepEqual(exactly(later(70, polite)), ["Cancelled", "uid-of-run", "200"]);
  });
  it("leaves a run alone that is cancelled for good, by whom ever", () => {
    const run = { spec: { ...polite.spec, status: "Cancelled" } };
    assert.equal(later(20, run), undefined);
    assert.equal(later(90, run), undefined);
  });
  it("gives `finally` its time even where the execution's deadline is near", () => {
    const spec = { ...aDeleted().spec, timesOutAt: timeAfter(14) };
    assert.deepEqual(later(30, polite, spec), { type: "Wait", until: after(70) });
  });
});

describe("a deleted execution that has ended", () => {
  const end = { phase: "Completed", outcome: "Success", executionRef } as const;
  const acked = { ordinal: 4, at: timeAfter(5) };
  const recorded = written(deleting(aCase({ execution: aDeleted({ ...end, audit: { pending: [], acked } }) })));
  const execution = aDeleted({ ...recorded, audit: { pending: [], acked: { ordinal: 5, at: timeAfter(20) } } });
  const run = aPipelineRun(execution, "succeeded");
  const going = aPipelineRun(execution, "succeeded", { metadata: { deletionTimestamp: timeAfter(12) } });

  function cleanUp(wishes: SnapshotWishes): Step | undefined {
    return deleting(aCase({ execution, fresh: "all", ...wishes }));
  }

  it("first puts its deletion on record, once", () => {
    assert.deepEqual(
      recorded.audit?.pending?.map(({ ordinal, type }) => [ordinal, type]),
      [[5, "workflowexecution.workflow.deleted"]],
    );
    assert.equal(recorded.phase, "Completed");
    assert.notEqual(cleanUp({ runs: [run] })?.type, "WriteStatus");
  });
  it("looks at what is left", () => {
    assert.equal(lookedAt(cleanUp({ fresh: [] })), "runs");
    assert.equal(lookedAt(cleanUp({ fresh: ["runs"] })), "taskRuns");
    assert.equal(lookedAt(cleanUp({ fresh: ["runs", "taskRuns"] })), "pods");
  });
  it("deletes its run", () => {
    assert.equal(cleanUp({ runs: [run] })?.type, "DeleteRun");
  });
  const waits: Readonly<Record<string, SnapshotWishes>> = {
    "for its run to go": { runs: [going] },
    "for its last pod to go": { pods: [aPod("restart", { phase: "Succeeded" })] },
    "for its lock": { lock: aBoundLock(execution) },
  };
  for (const [sentence, wishes] of Object.entries(waits)) {
    it(`waits ${sentence}`, () => {
      assert.deepEqual(cleanUp({ ...wishes, now: after(900) }), { type: "Done" });
    });
  }
  it("waits until all its events are committed, and says so in its status", () => {
    const pending = aDeleted(recorded);
    assert.deepEqual(cleanUp({ execution: pending, now: after(900) }), { type: "Done" });
    const receipt = { ordinal: 5, at: timeAfter(20), seq: 9, hash: "h" };
    const step = cleanUp({ execution: pending, more: { receipt } });
    assert.deepEqual(written(step).audit, { pending: [], acked: { ordinal: 5, at: timeAfter(20) }, seq: 9, hash: "h" });
  });
  it("waits for a settle time after the commit", () => {
    assert.deepEqual(cleanUp({ now: after(79) }), { type: "Wait", until: after(80) });
  });
  it("then lets the execution go", () => {
    assert.deepEqual(cleanUp({ now: after(80), lock: aTargetLock() }), { type: "RemoveFinalizer", execution });
  });
});
