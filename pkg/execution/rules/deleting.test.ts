import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun, type RunProgress } from "../../../test/support/builders/a-pipeline-run.ts";
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

function withRun(progress: RunProgress, status: Partial<WorkflowExecutionStatus> = {}): Step | undefined {
  const execution = aDeleted({ executionRef, ...status });
  return deleting(aCase({ execution, runs: [aPipelineRun(execution, progress)], now: after(12) }));
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
  it("without a run is cancelled in nobody's name, whoever wanted that too: who deleted it isn't known", () => {
    const { metadata } = aDeleted();
    const cancel = { mode: "Cancel", requestedBy: { username: "alice" } } as const;
    const step = deleting(aCase({ execution: aWorkflowExecution({ metadata, spec: { cancel } }) }));
    const { actor, cancelledBy } = written(step).audit?.pending?.at(-1)?.facts ?? {};
    assert.deepEqual([actor, cancelledBy], [undefined, "alice"]);
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
  it("whose run was started, is done or is gone is other rules' matter, also where the verdict was written", () => {
    assert.equal(withRun("running", { reason: "Cancelled" }), undefined);
    assert.equal(withRun("succeeded", { phase: "Running" }), undefined);
    assert.equal(deleting(aCase({ execution: aDeleted({ executionRef, phase: "Running" }) })), undefined);
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
    const { pending: left, acked, seq, hash } = written(step).audit ?? {};
    assert.deepEqual(
      { left, acked, seq, hash },
      { left: [], acked: { ordinal: 5, at: timeAfter(20) }, seq: 9, hash: "h" },
    );
  });
  it("waits for a settle time after the commit", () => {
    assert.deepEqual(cleanUp({ now: after(79) }), { type: "Wait", until: after(80) });
  });
  it("then lets the execution go", () => {
    assert.deepEqual(cleanUp({ now: after(80), lock: aTargetLock() }), { type: "RemoveFinalizer", execution });
  });
});
