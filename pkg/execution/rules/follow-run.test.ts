import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun, type RunProgress } from "../../../test/support/builders/a-pipeline-run.ts";
import { aCase, type SnapshotWishes } from "../../../test/support/builders/a-snapshot.ts";
import { aBoundLock } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, lookedAt, written } from "../../../test/support/builders/written.ts";
import { aPod, aTaskRun, aWaitingContainer } from "../../../test/support/a-task-run.ts";
import type { Phase, WorkflowExecutionStatus } from "../../api/workflow-execution.ts";
import { conditionOf } from "../conditions.ts";
import type { Step } from "../step.ts";
import { followRun } from "./follow-run.ts";

const executionRef = { namespace: "kubernaut-workflows", name: "the-run", uid: "uid-of-run" };

function anExecution(
  phase: Phase,
  status: Partial<WorkflowExecutionStatus> = {},
): ReturnType<typeof aWorkflowExecution> {
  return aWorkflowExecution({ status: { phase, executionRef, ...status } });
}

function follow(progress: RunProgress, wishes: SnapshotWishes = {}): Step | undefined {
  const execution = wishes.execution ?? anExecution("Pending");
  const runs = [aPipelineRun(execution, progress)];
  return followRun(aCase({ execution, lock: aBoundLock(execution), runs, ...wishes }));
}

describe("an execution whose run was started", () => {
  it("stays Pending until Tekton has begun with it", () => {
    assert.deepEqual(follow("started"), { type: "Done" });
  });
  it("is Running with its first progress in one write", () => {
    const step = follow("running");
    const status = written(step);
    assert.deepEqual([status.phase, status.reason, status.startTime], ["Running", "Running", timeAfter(2)]);
    assert.deepEqual([status.executionStatus?.progress, status.pipelineRunStatus?.progress], ["0/1", "0/1"]);
    assert.equal(conditionOf(status, "TektonPipelineRunning")?.status, "True");
    assert.deepEqual(eventsIn(step), ["started"]);
  });

  const running = anExecution("Running", written(follow("running")));
  const taskRuns = [aTaskRun({ task: "restart", status: "True", reason: "Succeeded" })];
  it("isn't written again where nothing has changed", () => {
    assert.deepEqual(follow("running", { execution: running }), { type: "Done" });
  });
  it("shows progress, without another event", () => {
    const step = follow("running", { execution: running, taskRuns });
    assert.equal(written(step).executionStatus?.progress, "1/1");
    assert.deepEqual(eventsIn(step), ["started"]);
  });
  it("shows progress at most once a second", () => {
    const more = { statusWrittenAt: after(9.5) };
    assert.deepEqual(follow("running", { execution: running, taskRuns, more }), { type: "Wait", until: after(10.5) });
    const step = follow("running", { execution: running, taskRuns, more, now: after(10.5) });
    assert.equal(step?.type, "WriteStatus");
  });
  it("says what its run is stuck on", () => {
    const waiting = [aTaskRun({ task: "restart" })];
    const containerStatuses = [aWaitingContainer("step-a", "ImagePullBackOff", "Back-off pulling image")];
    const pods = [aPod("restart", { phase: "Pending", containerStatuses })];
    const status = written(follow("running", { execution: running, taskRuns: waiting, pods }));
    assert.deepEqual([status.phase, status.reason], ["Running", "ImagePullBackOff"]);
    assert.equal(conditionOf(status, "Stuck")?.status, "True");
  });
  it("is no matter of this rule before the run is bound or started", () => {
    assert.equal(follow("running", { execution: aWorkflowExecution() }), undefined);
    assert.equal(follow("pending"), undefined);
  });
});

describe("an execution whose run is done", () => {
  const live = [aPod("restart", { phase: "Running" })];
  it("looks at the run and all that it made before it ends", () => {
    assert.equal(lookedAt(follow("succeeded")), "runs");
    assert.equal(lookedAt(follow("succeeded", { fresh: ["runs"] })), "taskRuns");
    assert.equal(lookedAt(follow("succeeded", { fresh: ["runs", "taskRuns"] })), "customRuns");
    assert.equal(lookedAt(follow("succeeded", { fresh: ["runs", "taskRuns", "customRuns"] })), "pods");
  });
  it("ends where nothing is alive any more", () => {
    assert.equal(written(follow("succeeded", { fresh: "all" })).phase, "Completed");
  });
  it("shows the run's outcome and waits for its last pod", () => {
    const step = follow("succeeded", { fresh: "all", pods: live });
    const status = written(step);
    assert.deepEqual([status.phase, status.reason, status.outcome], ["Running", "WaitingForPods", undefined]);
    assert.equal(status.executionStatus?.status, "True");
    assert.match(status.message ?? "", /Pod run-restart-pod/);
    assert.deepEqual(eventsIn(step), ["started"]);
    assert.deepEqual(follow("succeeded", { fresh: "all", pods: live, execution: anExecution("Running", status) }), {
      type: "Done",
    });
  });
  it("waits for very many pods without a message that can't be written", () => {
    const many = Array.from({ length: 1000 }, (_, n) =>
      aPod(`task-with-a-rather-long-name-${String(n)}`, { phase: "Running" }),
    );
    const { message = "" } = written(follow("succeeded", { fresh: "all", pods: many }));
    assert.ok(message.length <= 4096);
  });
  it("waits for a TaskRun that isn't done, and for a CustomRun", () => {
    const customRuns = [{ metadata: { name: "approval" } }];
    const { reason, message } = written(follow("failed", { fresh: "all", taskRuns: [aTaskRun()], customRuns }));
    assert.equal(reason, "WaitingForPods");
    assert.match(message ?? "", /TaskRun run-fail, CustomRun approval/);
  });
  it("deletes a pod that never started and would start later", () => {
    const pods = [aPod("restart", { phase: "Pending" })];
    const pod = { namespace: "", name: "run-restart-pod", uid: "uid-of-pod-of-restart" };
    assert.deepEqual(follow("failed", { fresh: "all", pods }), { type: "DeletePod", pod });
  });
  it("waits for another run that somebody made with its label", () => {
    const w = anExecution("Running");
    const second = aPipelineRun(w, "running", { metadata: { uid: "uid-of-second", name: "second" } });
    const runs = [aPipelineRun(w, "succeeded"), second];
    assert.match(written(follow("succeeded", { fresh: "all", runs })).message ?? "", /PipelineRun second/);
  });
});

describe("an execution whose run is gone", () => {
  const gone = { runs: [] };
  it("looks whether it really is", () => {
    assert.equal(lookedAt(follow("running", gone)), "runs");
  });
  // Its children are not read yet: what Tekton made meanwhile, acting on an older view, would be missed at the end.
  const step = follow("running", { ...gone, execution: anExecution("Running"), fresh: ["runs"] });
  it("first notes it, without an end", () => {
    const status = written(step);
    assert.deepEqual([status.phase, status.reason], ["Running", "PipelineRunDeletedExternally"]);
    assert.deepEqual(eventsIn(step), []);
  });
  const noticed = anExecution("Running", written(step));
  it("waits for the settle time", () => {
    const waiting = follow("running", { ...gone, execution: noticed, fresh: "all", now: after(69) });
    assert.deepEqual(waiting, { type: "Wait", until: after(70) });
  });
  it("looks whether anything of it is left only when the settle time is over", () => {
    const looking = follow("running", { ...gone, execution: noticed, fresh: ["runs"], now: after(70) });
    assert.equal(lookedAt(looking), "taskRuns");
  });
  it("waits for its pods", () => {
    const pods = [aPod("restart", { phase: "Running" })];
    const waiting = follow("running", { ...gone, pods, execution: noticed, fresh: "all", now: after(70) });
    assert.deepEqual(waiting, { type: "Done" });
  });
  it("then ends Failed: a step may have run", () => {
    const end = follow("running", { ...gone, execution: noticed, fresh: "all", now: after(70) });
    const { phase, outcome, failureDetails } = written(end);
    assert.deepEqual([phase, outcome, failureDetails?.reason], ["Failed", "Failed", "ExternallyDeleted"]);
    assert.equal(failureDetails?.wasExecutionFailure, true);
    assert.deepEqual(eventsIn(end), ["failed"]);
  });
  it("isn't one whose name another run has taken", () => {
    const w = anExecution("Running");
    const runs = [aPipelineRun(w, "running", { metadata: { uid: "uid-of-another" } })];
    assert.equal(
      written(follow("running", { execution: w, runs, fresh: "all" })).reason,
      "PipelineRunDeletedExternally",
    );
  });
});
