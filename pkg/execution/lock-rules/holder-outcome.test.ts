import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedStep, aTaskRun } from "../../../test/support/a-task-run.ts";
import { aPipelineRun } from "../../../test/support/builders/a-pipeline-run.ts";
import { aLockSnapshot } from "../../../test/support/builders/a-snapshot.ts";
import { aBoundLock, aHeldLock, aTargetLock } from "../../../test/support/builders/a-target-lock.ts";
import { ASKED_DIGEST, aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import type { FailureDetails, WorkflowExecutionStatus } from "../../api/workflow-execution.ts";
import type { HolderOutcome } from "../../lock/history.ts";
import { withConditions } from "../conditions.ts";
import { holderOutcome } from "./holder-outcome.ts";

function ended(status: Partial<WorkflowExecutionStatus>): HolderOutcome | undefined {
  const execution = aWorkflowExecution({ status });
  return holderOutcome(aLockSnapshot({ execution }), aBoundLock(execution));
}

function failed(reason: string, wasExecutionFailure: boolean): Partial<WorkflowExecutionStatus> {
  return { phase: "Failed", outcome: "Failed", failureDetails: { reason, wasExecutionFailure } as FailureDetails };
}

describe("what a lock remembers of its holder", () => {
  const cases: Readonly<Record<string, readonly [Partial<WorkflowExecutionStatus>, HolderOutcome["effect"]]>> = {
    "that completed": [{ phase: "Completed", outcome: "Success" }, "Completed"],
    "that ran and failed": [failed("TaskFailed", true), "ExecutionFailed"],
    "that was cancelled in mid-run": [failed("Cancelled", true), "ExecutionFailed"],
    "whose bundle couldn't be pulled": [failed("ImagePullBackOff", false), "PreExecutionFailed"],
    "whose configuration is wrong": [failed("ConfigurationError", false), "PreExecutionFailed"],
    "that had no quota": [failed("ResourceExhausted", false), "PreExecutionFailed"],
    "that was too late": [failed("DeadlineExceeded", false), "NotCounted"],
    "whose run was started and timed out before any step began": [
      { ...failed("DeadlineExceeded", false), startTime: timeAfter(2) },
      "PreExecutionFailed",
    ],
    "whose run was started and cancelled before any step began": [
      { ...failed("Cancelled", false), startTime: timeAfter(2) },
      "NotCounted",
    ],
    "that was cancelled before it ran": [failed("Cancelled", false), "NotCounted"],
    "whose run was deleted before its start": [failed("ExternallyDeleted", false), "NotCounted"],
    "whose cluster is another one": [failed("UnsupportedCluster", false), "NotCounted"],
    "whose engine is another one": [failed("UnsupportedEngine", false), "NotCounted"],
    "whose feature isn't known": [failed("UnsupportedFeature", false), "NotCounted"],
  };
  for (const [sentence, [status, effect]] of Object.entries(cases)) {
    it(`${sentence} is: ${effect}`, () => {
      assert.equal(ended(status)?.effect, effect);
    });
  }

  it("is its outcome, and its bundle as it was really resolved", () => {
    const bundle = { image: "x", digest: "sha256:resolved" };
    const outcome = ended({ phase: "Completed", outcome: "Success", bundle });
    assert.equal(outcome?.outcome, "Success");
    assert.deepEqual(outcome.bundle, { repository: "registry.example/workflows/restart", digest: "sha256:resolved" });
    assert.equal(ended({ phase: "Completed" })?.bundle?.digest, ASKED_DIGEST);
  });

  it("is nothing where another controller had skipped it: it never had the target", () => {
    assert.equal(ended({ phase: "Skipped", outcome: "n/a" }), undefined);
  });

  it("ended when its end was written, not when its target is released", () => {
    const change = { type: "Finished", status: "True", reason: "Succeeded", message: "" } as const;
    const conditions = withConditions([], [change], { now: after(3) + 500, generation: 1 });
    const { completedAt = 0 } = ended({ phase: "Completed", outcome: "Success", conditions }) ?? {};
    assert.ok(completedAt >= after(3) + 500, "a cut-off fraction must not shorten the cooldown");
    assert.ok(completedAt < after(4));
  });
  it("ended now where nothing says when", () => {
    assert.equal(ended({ phase: "Completed" })?.completedAt, after(10));
  });

  it("is what its run tells where it was removed by force: nobody lifts a block like that", () => {
    const w = aWorkflowExecution();
    const bundle = { repository: "registry.example/workflows/restart", digest: ASKED_DIGEST };
    const pipelineRef = {
      resolver: "bundles",
      params: [{ name: "bundle", value: `${bundle.repository}@${bundle.digest}` }],
    };
    const begun = aTaskRun({ reason: "Failed", steps: [anEndedStep("restart", 1)] });
    const unbegun = aTaskRun({ reason: "TaskRunImagePullFailed" });
    for (const [progress, taskRuns, outcome, effect] of [
      ["succeeded", [begun], "Success", "Completed"],
      ["failed", [begun], "Failed", "ExecutionFailed"],
      ["failed", [unbegun], "Failed", "PreExecutionFailed"],
      ["cancelled", [begun], "Cancelled", "ExecutionFailed"],
      ["cancelled", [], "Cancelled", "NotCounted"],
    ] as const) {
      const s = aLockSnapshot({ runs: [aPipelineRun(w, progress, { spec: { pipelineRef } })], taskRuns });
      const told = holderOutcome(s, aBoundLock(w));
      assert.deepEqual([told?.bundle, told?.outcome, told?.effect], [bundle, outcome, effect], progress);
      assert.equal(told?.completedAt, after(10));
    }
  });

  it("is unknown where it is gone with a run that may have run: cooldown from now", () => {
    const w = aWorkflowExecution();
    const namesake = aWorkflowExecution({ metadata: { uid: "uid-of-namesake" } });
    for (const s of [aLockSnapshot(), aLockSnapshot({ execution: namesake })]) {
      assert.deepEqual(holderOutcome(s, aBoundLock(w)), {
        workflowId: "restart-deployment",
        execution: { namespace: "remediation", name: "restart-checkout", uid: "uid-of-restart-checkout" },
        outcome: "Unknown",
        effect: "Unknown",
        completedAt: after(10),
      });
    }
  });
  it("is nothing where it is gone without ever having been bound to a run, or where there is none", () => {
    assert.equal(holderOutcome(aLockSnapshot(), aHeldLock(aWorkflowExecution())), undefined);
    assert.equal(holderOutcome(aLockSnapshot(), aTargetLock()), undefined);
  });
});
