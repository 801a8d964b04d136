import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPodEvent, aRun, aRunEvidence, type EvidenceWishes } from "../../test/support/a-run-evidence.ts";
import { anEndedStep, anInventedStep, aPod, aTaskRun } from "../../test/support/a-task-run.ts";
import type { ContainerState, Pod } from "../api/core.ts";
import type { FailureDetails } from "../api/workflow-execution.ts";
import { diagnose } from "./diagnose.ts";

const request = { workflowId: "w", version: "1", targetResource: "ns/Deployment/x", decidedAt: "2026-11-21T13:00:00Z" };
const CANCELLED = "TaskRun cancelled as the PipelineRun it belongs to has been cancelled.";
const RUN_ENDED = "2026-11-21T12:00:30Z";

/** Tekton failed the TaskRun, failed the run, forgot the first, and made its pod again; then it had to be cancelled. */
const taskRun = aTaskRun({
  reason: "TaskRunCancelled",
  statusMessage: CANCELLED,
  message: `was cancelled.\nPrevious status: [Pending] pod status`,
  completionTime: "2026-11-21T12:00:40Z",
  steps: [anInventedStep("one", "TaskRunCancelled", false), anInventedStep("two", "TaskRunCancelled", false)],
});

function podOf(uid: string, minute: number, states: readonly ContainerState[]): Pod {
  const containerStatuses = states.map((state, index) => ({ name: `step-${index === 0 ? "one" : "two"}`, state }));
  return aPod("fail", { containerStatuses }, { uid, creationTimestamp: `2026-11-21T12:0${String(minute)}:00Z` });
}

const second = podOf("second", 2, [{ waiting: { reason: "PodInitializing" } }]);
const ran = podOf("first", 1, [anEndedStep("one", 0), anEndedStep("two", 255)]);
const neverRan = podOf("first", 1, [{ waiting: { reason: "PodInitializing" } }]);

function diagnosed(wishes: EvidenceWishes): FailureDetails {
  const run = aRun("Failed", ["fail"], "Tasks Completed: 1 (Failed: 1, Cancelled 0), Skipped: 0");
  const ended = { ...run, status: { ...run.status, completionTime: RUN_ENDED } };
  return diagnose(aRunEvidence({ run: ended, taskRuns: [taskRun], ...wishes }), request);
}

describe("diagnose: a TaskRun that Tekton began again after its run had failed", () => {
  it("was interrupted, in the step that its first pod shows", () => {
    const details = diagnosed({ pods: [second], lostPods: [ran] });
    assert.deepEqual(
      [details.reason, details.confidence, details.failedTaskName, details.failedStepName, details.exitCode],
      ["Interrupted", "likely", "fail", "two", 255],
    );
    assert.deepEqual(
      [details.wasExecutionFailure, details.retryAdvice?.retryable, details.failedAt],
      [true, true, RUN_ENDED],
    );
    assert.match(details.naturalLanguageSummary, /its pod run-fail-pod was deleted.*may have run twice/);
  });

  it("is taken for executed where nobody saw its first pod", () => {
    const details = diagnosed({ pods: [second] });
    assert.deepEqual(
      [details.reason, details.confidence, details.failedTaskName, details.failedStepName, details.wasExecutionFailure],
      ["Interrupted", "likely", "fail", undefined, true],
    );
  });

  it("never ran where its first pod had not started", () => {
    assert.equal(diagnosed({ pods: [second], lostPods: [neverRan] }).wasExecutionFailure, false);
  });

  it("has the reason for which its first pod could not start", () => {
    const events = [aPodEvent("Failed", 'Failed to pull image "x": not found', "fail", { podUid: "first" })];
    const details = diagnosed({ pods: [second], lostPods: [neverRan], events });
    assert.deepEqual([details.reason, details.confidence], ["ImagePullBackOff", "likely"]);
  });

  it("isn't to blame where another task failed by itself", () => {
    const other = aTaskRun({ task: "other", reason: "StepFailed", steps: [anEndedStep("main", 3)] });
    const details = diagnosed({ taskRuns: [taskRun, other], pods: [second], lostPods: [ran] });
    assert.deepEqual([details.reason, details.failedTaskName], ["TaskFailed", "other"]);
  });
});
