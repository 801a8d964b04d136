import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isRecordedRunGone, recordedNames, recordedRun } from "../../test/support/recorded-run.ts";
import { PIPELINE_RUN_PENDING, type PipelineRun, type TektonCondition } from "../api/tekton.ts";
import { isDone, isPendingRun, isStarted, runState } from "./run-state.ts";

function aRun(spec: PipelineRun["spec"], condition?: Partial<TektonCondition>): PipelineRun {
  const conditions = condition === undefined ? [] : [{ type: "Succeeded", status: "Unknown", ...condition } as const];
  return { metadata: { name: "run" }, spec, status: { conditions } };
}

const PENDING = { status: PIPELINE_RUN_PENDING };

const cases: readonly (readonly [sentence: string, run: PipelineRun, phase: string])[] = [
  ["just born, before Tekton has seen it", { metadata: { name: "run" }, spec: PENDING }, "pending"],
  ["seen by Tekton, not started", aRun(PENDING, { reason: "PipelineRunPending" }), "pending"],
  ["started, Tekton's last word is still that it is pending", aRun({}, { reason: "PipelineRunPending" }), "running"],
  ["started, before Tekton has seen it", aRun({}), "running"],
  ["being cancelled", aRun({ status: "Cancelled" }, { reason: "Running" }), "running"],
  ["running its finally tasks after a cancel", aRun({}, { reason: "CancelledRunningFinally" }), "running"],
  ["succeeded", aRun({}, { status: "True", reason: "Succeeded" }), "succeeded"],
  ["succeeded with a task skipped", aRun({}, { status: "True", reason: "Completed" }), "succeeded"],
  ["failed", aRun({}, { status: "False", reason: "Failed" }), "failed"],
  ["out of time", aRun({}, { status: "False", reason: "PipelineRunTimeout" }), "failed"],
  ["cancelled", aRun({ status: "Cancelled" }, { status: "False", reason: "Cancelled" }), "cancelled"],
  ["ended although it was never started", aRun(PENDING, { status: "False", reason: "Failed" }), "failed"],
];

describe("runState: a run that is", () => {
  for (const [sentence, run, phase] of cases) {
    it(`${sentence} is ${phase}`, () => {
      assert.equal(runState(run).phase, phase);
      assert.equal(isDone(run), ["succeeded", "failed", "cancelled"].includes(phase));
      assert.equal(isPendingRun(run), phase === "pending");
      assert.equal(isStarted(run), phase !== "pending");
    });
  }

  it("keeps the words of the condition, which are empty before there is one", () => {
    const failed = aRun({}, { status: "False", reason: "Failed", message: "Tasks Completed: 1" });
    assert.deepEqual(runState(failed), {
      phase: "failed",
      status: "False",
      reason: "Failed",
      message: "Tasks Completed: 1",
    });
    assert.deepEqual(runState(aRun({})), { phase: "running", status: "Unknown", reason: "", message: "" });
  });

  it("isn't done by other conditions", () => {
    const conditions = [{ type: "Other", status: "True" } as const];
    assert.equal(isDone({ status: { conditions } }), false);
  });
});

describe("runState: recorded runs", () => {
  const phases: Readonly<Record<string, string>> = {
    "param-unknown-extra": "succeeded",
    "pending-then-started": "succeeded",
    "pending-then-started-pending": "pending",
    "pending-then-started-running": "running",
    "pipelinerun-deleted-before": "running",
    "pod-deleted-force": "succeeded",
    "quota-exceeded-waiting": "running",
    "quota-freed": "succeeded",
    succeeded: "succeeded",
    "unschedulable-waiting": "running",
    "when-skipped": "succeeded",
    cancelled: "cancelled",
    "cancelled-before-start": "cancelled",
    "cancelled-run-finally": "cancelled",
    "stopped-run-finally": "cancelled",
  };
  for (const name of recordedNames().filter((one) => !isRecordedRunGone(one))) {
    it(`${name} is ${phases[name] ?? "failed"}`, () => {
      assert.equal(runState(recordedRun(name).run).phase, phases[name] ?? "failed");
    });
  }
});
