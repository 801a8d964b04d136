import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPodEvent, aRun, aRunEvidence } from "../../test/support/a-run-evidence.ts";
import { anEndedStep, anInventedStep, aTaskRun } from "../../test/support/a-task-run.ts";
import { recordedRun } from "../../test/support/recorded-run.ts";
import { ANNOTATION_STOP_REASON, type StopReason } from "../api/labels.ts";
import { diagnose } from "./diagnose.ts";
import type { FailureRequest } from "./failure-request.ts";
import type { RunEvidence } from "./run-evidence.ts";

const request: FailureRequest = {
  workflowId: "w",
  version: "1",
  targetResource: "ns/Deployment/x",
  decidedAt: "2026-11-21T13:00:00Z",
};
const byAlice = { mode: "CancelRunFinally", reason: "wrong target", by: "alice" };

/** A recorded run as if we had stopped it for that reason. */
function stoppedBy(reason: StopReason, name = "cancelled-run-finally"): RunEvidence {
  const evidence = recordedRun(name);
  const annotations = { [ANNOTATION_STOP_REASON]: reason };
  return { ...evidence, run: { ...evidence.run, metadata: { ...evidence.run.metadata, annotations } } };
}

describe("diagnose: a run that was cancelled", () => {
  const requests: readonly (readonly [sentence: string, cancel: FailureRequest["cancel"], message: string])[] = [
    ["who, in which mode and why", byAlice, "cancelled by alice (CancelRunFinally): wrong target"],
    ["in which mode and why", { ...byAlice, by: "" }, "cancelled (CancelRunFinally): wrong target"],
    ["who and in which mode", { mode: "Cancel", by: "alice" }, "cancelled by alice (Cancel)"],
    ["nothing that isn't known", undefined, "cancelled on request"],
  ];
  for (const [sentence, cancel, message] of requests) {
    it(`says ${sentence}`, () => {
      const details = diagnose(stoppedBy("Cancel"), { ...request, ...(cancel === undefined ? {} : { cancel }) });
      assert.deepEqual([details.reason, details.confidence, details.message], ["Cancelled", "certain", message]);
      assert.ok(details.naturalLanguageSummary.includes(`was stopped after 10s: ${message}.`));
    });
  }

  it("says that its execution was deleted, whatever was asked before", () => {
    const { message } = diagnose(stoppedBy("Deletion"), { ...request, cancel: byAlice });
    assert.equal(message, "cancelled because its WorkflowExecution was deleted");
  });

  it("knows that somebody else did it where we didn't", () => {
    const { naturalLanguageSummary, message } = diagnose(recordedRun("cancelled"), request);
    assert.equal(message, 'PipelineRun "run" was cancelled');
    assert.match(naturalLanguageSummary, /: cancelled by somebody who changed the run itself\./);
  });

  it("says what was running then, and shows the end of its log", () => {
    const evidence = stoppedBy("Cancel");
    const logs = [{ podUid: "u", podName: "run-slow-pod", container: "step-main", text: "half done" }];
    const details = diagnose(
      { ...evidence, live: { lostPods: [], events: [], logs } },
      { ...request, cancel: byAlice },
    );
    assert.match(
      details.naturalLanguageSummary,
      /Task slow \(1 of 2\), step main \(1 of 1\), was running then and was/,
    );
    assert.deepEqual([details.logTail, details.failedTaskIndex], ["half done", -1]);
  });

  it("shows no exit code that Tekton made up", () => {
    const facts = diagnose(stoppedBy("Cancel"), request).evidence?.map(({ fact }) => fact) ?? [];
    assert.ok(facts.includes("step main stopped by Tekton (TaskRunCancelled)"));
    assert.ok(facts.every((fact) => !fact.includes("exit code")));
  });

  it("says that no task had begun where none had", () => {
    const details = diagnose(stoppedBy("Cancel", "cancelled-before-start"), request);
    assert.match(details.naturalLanguageSummary, /No task had begun\. .*No step had started/);
  });

  it("names the TaskRun that somebody cancelled alone", () => {
    const taskRuns = [aTaskRun({ reason: "TaskRunCancelled", message: 'TaskRun "run-fail" was cancelled.' })];
    const details = diagnose(aRunEvidence({ run: aRun("Cancelled"), taskRuns }), request);
    assert.deepEqual([details.reason, details.failedTaskName], ["Cancelled", "fail"]);
    assert.equal(details.message, 'TaskRun "run-fail" was cancelled.');
  });
});

describe("diagnose: a run that this controller stopped because its time was up", () => {
  it("is DeadlineExceeded, and the task that was too slow is to blame", () => {
    const details = diagnose(stoppedBy("DeadlineExceeded"), request);
    assert.deepEqual(
      [details.reason, details.confidence, details.failedTaskName, details.failedStepName],
      ["DeadlineExceeded", "certain", "slow", "main"],
    );
    assert.equal(details.message, 'PipelineRun "run" was cancelled, because its time was up');
    assert.match(details.naturalLanguageSummary, /failed after 4s with DeadlineExceeded\. Task slow .* in time: Pipe/);
  });

  it("has the reason for which it waited", () => {
    const { run } = stoppedBy("DeadlineExceeded");
    const message = "was cancelled.\nPrevious status: [ExceededResourceQuota] exceeded quota: q";
    const taskRuns = [aTaskRun({ reason: "TaskRunCancelled", message })];
    assert.equal(diagnose(aRunEvidence({ run, taskRuns }), request).reason, "ResourceExhausted");
  });

  it("has the reason of a task that had failed by itself before", () => {
    const { run } = stoppedBy("DeadlineExceeded");
    const taskRuns = [aTaskRun({ reason: "StepFailed", steps: [anEndedStep("main", 3)] })];
    const details = diagnose(aRunEvidence({ run, taskRuns }), request);
    assert.deepEqual([details.reason, details.exitCode], ["TaskFailed", 3]);
  });

  it("is DeadlineExceeded also where Tekton never began", () => {
    const { run } = stoppedBy("DeadlineExceeded", "cancelled-before-start");
    const details = diagnose(aRunEvidence({ run }), request);
    assert.deepEqual(
      [details.reason, details.wasExecutionFailure, details.failedTaskIndex],
      ["DeadlineExceeded", false, -1],
    );
  });
});

describe("diagnose: a task that was out of time", () => {
  const taskRuns = [
    aTaskRun({ reason: "TaskRunTimeout", message: "late", steps: [anInventedStep("main", "TaskRunTimeout", false)] }),
  ];

  it("tells what kept it from starting, though that may have many causes", () => {
    const events = [aPodEvent("FailedCreatePodSandBox", "no network")];
    const details = diagnose(aRunEvidence({ run: aRun("Failed"), taskRuns, events }), request);
    assert.deepEqual([details.reason, details.message], ["DeadlineExceeded", "late; pod run-fail-pod: no network"]);
  });

  it("in finally is DeadlineExceeded, too, though the run says only Failed", () => {
    const statusMessage = "TaskRun cancelled as the PipelineRun it belongs to has timed out.";
    const late = [aTaskRun({ task: "undo", reason: "TaskRunCancelled", statusMessage })];
    const run = aRun("Failed");
    const pipelineSpec = { tasks: [{ name: "a" }], finally: [{ name: "undo" }] };
    const evidence = aRunEvidence({ run: { ...run, status: { ...run.status, pipelineSpec } }, taskRuns: late });
    const details = diagnose(evidence, request);
    assert.deepEqual([details.reason, details.failedTaskIndex], ["DeadlineExceeded", 1]);
    assert.match(details.naturalLanguageSummary, /Task undo \(1 of 1 in finally\) did not end in time/);
  });
});
