import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun, type RunProgress } from "../../../test/support/builders/a-pipeline-run.ts";
import { aCase } from "../../../test/support/builders/a-snapshot.ts";
import { aHeldLock } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { eventsIn, written } from "../../../test/support/builders/written.ts";
import type { CancelRequest, WorkflowExecutionStatus } from "../../api/workflow-execution.ts";
import type { Step } from "../step.ts";
import { cancelled } from "./take-back.ts";

const executionRef = { namespace: "kubernaut-workflows", name: "the-run", uid: "uid-of-run" };
const byAlice: CancelRequest = {
  mode: "StopRunFinally",
  reason: "wrong target, token=abcdefghijklmnop",
  requestedBy: { username: "alice" },
};

function decide(
  progress: RunProgress | "gone",
  status: Partial<WorkflowExecutionStatus> = {},
  more: { readonly neverStarted?: string } = {},
): Step | undefined {
  const execution = aWorkflowExecution({ spec: { cancel: byAlice }, status });
  const runs = progress === "gone" ? [] : [aPipelineRun(execution, progress)];
  return cancelled(aCase({ execution, runs, more }));
}

describe("an execution that somebody wants to be cancelled before its start", () => {
  it("ends as Cancelled at once where it has no run, and says who, why and that nothing ran", () => {
    const execution = aWorkflowExecution({ spec: { cancel: byAlice } });
    const step = cancelled(aCase({ execution, lock: aHeldLock(execution) }));
    const { phase, outcome, reason, message, retry, failureDetails } = written(step);
    assert.deepEqual([phase, outcome, reason], ["Failed", "Cancelled", "Cancelled"]);
    assert.equal(message, "cancelled by alice before its run was started: wrong target, token=[redacted]");
    assert.deepEqual(retry, { disposition: "Never" });
    assert.equal(failureDetails?.wasExecutionFailure, false);
    assert.deepEqual(eventsIn(step), ["requested", "cancelled"]);
    const facts = written(step).audit?.pending?.at(-1)?.facts;
    assert.deepEqual(
      [facts?.["cancelledBy"], facts?.["cancelMode"], facts?.["cancelReason"]],
      ["alice", "StopRunFinally", "wrong target, token=[redacted]"],
    );
    assert.equal(facts?.["actor"], "alice");
  });
  it("says so where nobody is named and no reason is given", () => {
    const execution = aWorkflowExecution({ spec: { cancel: { mode: "Cancel" } } });
    assert.equal(written(cancelled(aCase({ execution }))).message, "cancelled before its run was started");
  });
  it("with a Pending run writes the verdict first, then deletes that run, then ends", () => {
    assert.deepEqual(written(decide("pending", { executionRef })).phase, "Pending");
    assert.equal(decide("pending", { executionRef, reason: "Cancelled" })?.type, "DeleteRun");
    const step = decide("gone", { executionRef, reason: "Cancelled" }, { neverStarted: executionRef.uid });
    assert.equal(written(step).outcome, "Cancelled");
  });
  it("is no matter of this rule where its run was started, is done, or was deleted by somebody else", () => {
    assert.equal(decide("running", { executionRef, reason: "Cancelled" }), undefined);
    assert.equal(decide("succeeded", { executionRef, phase: "Running" }), undefined);
    assert.equal(decide("gone", { executionRef, phase: "Running", reason: "Running" }), undefined);
  });
});

describe("an execution that nobody wants to be cancelled", () => {
  it("is no matter of this rule", () => {
    assert.equal(cancelled(aCase()), undefined);
  });
});
