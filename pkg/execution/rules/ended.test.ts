import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun, type RunProgress, type RunWishes } from "../../../test/support/builders/a-pipeline-run.ts";
import { aCase } from "../../../test/support/builders/a-snapshot.ts";
import { aBoundLock, TARGET } from "../../../test/support/builders/a-target-lock.ts";
import { ASKED_DIGEST, aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, written } from "../../../test/support/builders/written.ts";
import { anEndedStep, aTaskRun } from "../../../test/support/a-task-run.ts";
import type { TaskRun } from "../../api/tekton.ts";
import type { Phase } from "../../api/workflow-execution.ts";
import { conditionOf } from "../conditions.ts";
import type { Step } from "../step.ts";
import { ended, vanished } from "./ended.ts";

const executionRef = { namespace: "kubernaut-workflows", name: "the-run", uid: "uid-of-run" };
const locks = [{ name: aBoundLock(aWorkflowExecution()).metadata.name, uid: "uid-of-lock", epoch: 1 }];

interface EndWishes {
  readonly phase?: Phase;
  readonly taskRuns?: readonly TaskRun[];
  readonly run?: RunWishes;
}

function end(progress: RunProgress, { phase = "Running", taskRuns = [], run = {} }: EndWishes = {}): Step {
  const execution = aWorkflowExecution({ status: { phase, executionRef, locks } });
  const c = aCase({ execution, lock: aBoundLock(execution), taskRuns, now: after(40) });
  return ended(c, aPipelineRun(execution, progress, run));
}

describe("the end of an execution", () => {
  it("is Completed where its run succeeded, with the run's own times", () => {
    const status = written(end("succeeded"));
    assert.deepEqual([status.phase, status.outcome, status.reason], ["Completed", "Success", "Succeeded"]);
    assert.deepEqual([status.startTime, status.completionTime, status.duration], [timeAfter(2), timeAfter(32), "30s"]);
    assert.equal(status.failureDetails, undefined);
    assert.equal(conditionOf(status, "Finished")?.status, "True");
    assert.equal(conditionOf(status, "Finished")?.lastTransitionTime, timeAfter(40));
    assert.equal(conditionOf(status, "TektonPipelineComplete")?.status, "True");
    assert.equal(conditionOf(status, "TektonPipelineRunning")?.status, "False");
  });
  it("counts for the backoff where its run's time was over before any step began", () => {
    const conditions = [{ type: "Succeeded", status: "False", reason: "PipelineRunTimeout", message: "" }] as const;
    const { failureDetails, consecutiveFailures, retry } = written(end("failed", { run: { status: { conditions } } }));
    assert.deepEqual([failureDetails?.reason, failureDetails?.wasExecutionFailure], ["DeadlineExceeded", false]);
    assert.deepEqual([retry?.disposition, consecutiveFailures], ["After", 1]);
  });
  it("is Failed with the details where its run failed", () => {
    const taskRuns = [aTaskRun({ task: "restart", reason: "StepFailed", steps: [anEndedStep("restart", 3)] })];
    const status = written(end("failed", { taskRuns }));
    assert.deepEqual([status.phase, status.outcome, status.reason], ["Failed", "Failed", "TaskFailed"]);
    assert.equal(status.failureDetails?.exitCode, 3);
    assert.equal(status.failureDetails.wasExecutionFailure, true);
    assert.equal(status.failureReason, status.failureDetails.message);
    assert.equal(conditionOf(status, "Stalled")?.status, "True");
  });
  it("is Cancelled where its run was cancelled", () => {
    const step = end("cancelled");
    const { phase, outcome, reason } = written(step);
    assert.deepEqual([phase, outcome, reason], ["Failed", "Cancelled", "Cancelled"]);
    assert.deepEqual(eventsIn(step), ["cancelled"]);
  });
  it("is on record with its run, its lock and what was really run", () => {
    const digest = { sha256: "b".repeat(64) };
    const step = end("succeeded", { run: { status: { provenance: { refSource: { digest } } } } });
    const { audit, bundle } = written(step);
    assert.equal(bundle?.digest, `sha256:${digest.sha256}`);
    assert.deepEqual(audit?.pending?.[0]?.facts, {
      targetResource: TARGET,
      phase: "Completed",
      outcome: "Success",
      startTime: timeAfter(2),
      completionTime: timeAfter(32),
      duration: "30s",
      runNamespace: "kubernaut-workflows",
      runName: "the-run",
      runUid: "uid-of-run",
      lockName: locks[0]?.name,
      lockUid: "uid-of-lock",
      lockEpoch: "1",
      bundleDigest: `sha256:${digest.sha256}`,
    });
  });
  it("names the asked digest where Tekton doesn't say which it resolved", () => {
    assert.equal(written(end("succeeded")).bundle?.digest, ASKED_DIGEST);
  });
  it("has the start on record too, where nobody had seen it", () => {
    assert.deepEqual(eventsIn(end("succeeded", { phase: "Pending" })), ["started", "completed"]);
    assert.deepEqual(eventsIn(end("failed", { phase: "Pending" })), ["started", "failed"]);
  });
  it("is decided now where the run doesn't say when it ended", () => {
    const execution = aWorkflowExecution({ status: { phase: "Running", executionRef } });
    const conditions = [{ type: "Succeeded", status: "True", reason: "Succeeded" }] as const;
    const run = { ...aPipelineRun(execution, "started"), status: { conditions } };
    const status = written(ended(aCase({ execution, now: after(40) }), run));
    assert.deepEqual([status.startTime, status.completionTime, status.duration], [undefined, timeAfter(40), undefined]);
  });
});

describe("the end of an execution whose run vanished", () => {
  it("is Failed, from now, and counts as executed", () => {
    const status = { phase: "Running", executionRef, startTime: timeAfter(2) } as const;
    const step = vanished(aCase({ execution: aWorkflowExecution({ status }), now: after(62) }));
    const { phase, outcome, completionTime, failureDetails } = written(step);
    assert.deepEqual([phase, outcome, completionTime], ["Failed", "Failed", timeAfter(62)]);
    assert.equal(failureDetails?.executionTimeBeforeFailure, "1m0s");
    assert.equal(failureDetails.wasExecutionFailure, true);
    assert.deepEqual(eventsIn(step), ["failed"]);
  });
});
