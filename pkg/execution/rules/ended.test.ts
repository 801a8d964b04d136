import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun, type RunProgress, type RunWishes } from "../../../test/support/builders/a-pipeline-run.ts";
import { aCase } from "../../../test/support/builders/a-snapshot.ts";
import { aBoundLock, TARGET } from "../../../test/support/builders/a-target-lock.ts";
import { ASKED_DIGEST, aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, written } from "../../../test/support/builders/written.ts";
import { anEndedStep, aPod, aTaskRun } from "../../../test/support/a-task-run.ts";
import { ANNOTATION_STOP_REASON, type StopReason } from "../../api/labels.ts";
import type { TaskRun } from "../../api/tekton.ts";
import type { CancelRequest, Phase, WorkflowExecutionSpec } from "../../api/workflow-execution.ts";
import { conditionOf } from "../conditions.ts";
import type { Step } from "../step.ts";
import { ended, vanished } from "./ended.ts";

const executionRef = { namespace: "kubernaut-workflows", name: "the-run", uid: "uid-of-run" };
const locks = [{ name: aBoundLock(aWorkflowExecution()).metadata.name, uid: "uid-of-lock", epoch: 1 }];

interface EndWishes {
  readonly phase?: Phase;
  readonly taskRuns?: readonly TaskRun[];
  readonly run?: RunWishes;
  readonly spec?: Partial<WorkflowExecutionSpec>;
}

const byAlice: CancelRequest = { mode: "Cancel", requestedBy: { username: "alice" } };

function end(progress: RunProgress, { phase = "Running", taskRuns = [], run = {}, spec = {} }: EndWishes = {}): Step {
  const execution = aWorkflowExecution({ spec, status: { phase, executionRef, locks } });
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
  const whos: Readonly<Record<string, readonly [StopReason | undefined, cancel: CancelRequest | undefined, unknown]>> =
    {
      "in the name of who asked for it": ["Cancel", byAlice, "alice"],
      "in nobody's name where nobody gave one": ["Cancel", { mode: "Cancel" }, undefined],
      "in nobody's name where it was stopped because it was deleted": ["Deletion", byAlice, undefined],
      "in nobody's name where somebody changed the run itself": [undefined, byAlice, undefined],
      "in nobody's name where nobody asked": ["Cancel", undefined, undefined],
    };
  for (const [sentence, [why, cancel, actor]] of Object.entries(whos)) {
    it(`is on record as Cancelled ${sentence}`, () => {
      const annotations = why === undefined ? {} : { [ANNOTATION_STOP_REASON]: why };
      const step = end("cancelled", {
        spec: cancel === undefined ? {} : { cancel },
        run: { metadata: { annotations } },
      });
      const { type, facts } = written(step).audit?.pending?.at(-1) ?? {};
      assert.deepEqual([type, facts?.["actor"]], ["workflowexecution.workflow.cancelled", actor]);
      assert.equal(facts?.["cancelledBy"], cancel?.requestedBy?.username);
    });
  }
  it("has no actor where it ends otherwise, whoever wanted it to be cancelled", () => {
    const run = { metadata: { annotations: { [ANNOTATION_STOP_REASON]: "Cancel" } } };
    for (const progress of ["succeeded", "failed"] as const) {
      const step = end(progress, { spec: { cancel: byAlice }, run });
      assert.equal(written(step).audit?.pending?.at(-1)?.facts?.["actor"], undefined);
    }
  });
  it("is Cancelled where its run was cancelled", () => {
    const step = end("cancelled");
    const { phase, outcome, reason } = written(step);
    assert.deepEqual([phase, outcome, reason], ["Failed", "Cancelled", "Cancelled"]);
    assert.deepEqual(eventsIn(step), ["cancelled"]);
  });
  it("is on record with its run, its lock and what was really run", () => {
    const digest = { sha256: "b".repeat(64) };
    const spec = { taskRunTemplate: { serviceAccountName: "runner" } };
    const taskRuns = [aTaskRun({ task: "restart", status: "True", steps: [anEndedStep("restart", 0)] })];
    const step = end("succeeded", { taskRuns, run: { spec, status: { provenance: { refSource: { digest } } } } });
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
      serviceAccount: "runner",
      steps: '{"pods":[{"task":"restart","pod":"run-restart-pod","steps":[{"step":"restart"}]}]}',
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
  it("is on record with what was asked, and with what this process has seen of it", () => {
    const status = {
      phase: "Running",
      executionRef,
      bundle: { image: "r.example/w:1", digest: ASKED_DIGEST },
    } as const;
    const state = { running: { startedAt: timeAfter(5) } };
    const lost = aPod("restart", { containerStatuses: [{ name: "step-restart", state }] });
    const live = { lostPods: [lost], events: [], logs: [] };
    const step = vanished(aCase({ execution: aWorkflowExecution({ status }), now: after(62), more: { live } }));
    const { bundleDigest, steps = "" } = written(step).audit?.pending?.at(-1)?.facts ?? {};
    assert.equal(bundleDigest, ASKED_DIGEST);
    assert.match(steps, /"podUid":"uid-of-pod-of-restart"/);
  });
});
