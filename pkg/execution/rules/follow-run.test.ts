import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun, type RunProgress } from "../../../test/support/builders/a-pipeline-run.ts";
import { aCase, type SnapshotWishes } from "../../../test/support/builders/a-snapshot.ts";
import { aBoundLock } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, lookedAt, written } from "../../../test/support/builders/written.ts";
import { anEndedStep, aPod, aTaskRun, aWaitingContainer } from "../../../test/support/a-task-run.ts";
import { ANNOTATION_STOP_REASON } from "../../api/labels.ts";
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
  it("is on record as started with the service account of its run and the digest that Tekton resolved", () => {
    const execution = anExecution("Pending");
    const status = { provenance: { refSource: { digest: { sha256: "b".repeat(64) } } } };
    const spec = { taskRunTemplate: { serviceAccountName: "runner" } };
    const step = follow("running", { execution, runs: [aPipelineRun(execution, "running", { spec, status })] });
    const { serviceAccount, bundleDigest } = written(step).audit?.pending?.at(-1)?.facts ?? {};
    assert.deepEqual([serviceAccount, bundleDigest], ["runner", `sha256:${"b".repeat(64)}`]);
  });

  const running = anExecution("Running", written(follow("running")));
  const taskRuns = [aTaskRun({ task: "restart", status: "True", reason: "Succeeded" })];
  it("isn't written again where nothing has changed", () => {
    assert.deepEqual(follow("running", { execution: running }), { type: "Wait", until: after(182) });
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
  it("looks at the run last where it names no TaskRun: with the run all of them may have gone meanwhile", () => {
    const looks = ["taskRuns", "customRuns", "pods", "runs"] as const;
    for (const [n, object] of looks.entries()) {
      assert.equal(lookedAt(follow("cancelled", { fresh: looks.slice(0, n) })), object);
      assert.equal(lookedAt(follow("cancelled", { fresh: looks.slice(0, n), taskRuns: [aTaskRun()] })), object);
    }
    assert.equal(written(follow("cancelled", { fresh: "all" })).outcome, "Cancelled");
  });
  it("ends where nothing is alive any more", () => {
    assert.equal(written(follow("succeeded", { fresh: "all" })).phase, "Completed");
  });
  it("shows the run's outcome and waits for its last pod", () => {
    const step = follow("succeeded", { fresh: "all", pods: live });
    const status = written(step);
    assert.deepEqual([status.phase, status.reason, status.outcome], ["Running", "WaitingForPods", undefined]);
    assert.equal(status.executionStatus?.status, "True");
    assert.match(status.message ?? "", /Pod run-restart-pod \(running\)/);
    assert.deepEqual(eventsIn(step), ["started"]);
    const known = { fresh: "all", pods: live, execution: anExecution("Running", status) } as const;
    assert.deepEqual(follow("succeeded", known), { type: "Wait", until: after(212) });
  });
  it("says what to do about a pod that refuses to go", () => {
    const going = [aPod("restart", { phase: "Running" }, { deletionTimestamp: timeAfter(33) })];
    const wishes = { fresh: "all", pods: going, now: after(212) } as const;
    const status = written(follow("succeeded", wishes));
    const stuck = conditionOf(status, "Stuck");
    assert.deepEqual([stuck?.status, stuck?.reason], ["True", "PodsRemain"]);
    assert.match(stuck?.message ?? "", /Pod run-restart-pod \(terminating\)\. Where its node is gone for good/);
    const known = anExecution("Running", status);
    assert.deepEqual(follow("succeeded", { ...wishes, execution: known }), { type: "Done" });
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
    const taskRuns = [aTaskRun({ statusMessage: "cancelled" })];
    const { reason, message } = written(follow("failed", { fresh: "all", taskRuns, customRuns }));
    assert.equal(reason, "WaitingForPods");
    assert.match(message ?? "", /TaskRun run-fail \(running\), CustomRun approval/);
  });
  it("cancels a TaskRun that Tekton has missed", () => {
    const step = follow("cancelled", { fresh: "all", taskRuns: [aTaskRun()] });
    assert.deepEqual(step?.type === "CancelTaskRun" && step.taskRun.uid, "uid-of-fail");
    assert.equal(lookedAt(follow("cancelled", { fresh: ["runs"], taskRuns: [aTaskRun()] })), "taskRuns");
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

describe("a run of which nothing moves", () => {
  // The run began two seconds after the creation; stuckAfter is three minutes.
  const running = anExecution("Running", written(follow("running")));
  const stalled = follow("running", { execution: running, now: after(182) });
  function silentUntil(wishes: SnapshotWishes): Step | undefined {
    return follow("running", { execution: running, now: after(500), ...wishes });
  }

  it("is called stuck after the configured time, and is looked at just then", () => {
    assert.deepEqual(follow("running", { execution: running, now: after(181) }), { type: "Wait", until: after(182) });
    const status = written(stalled);
    assert.equal(status.reason, "NoProgress");
    assert.equal(status.message, `nothing of the run has moved since ${timeAfter(2)}, and no step is running`);
    assert.equal(conditionOf(status, "Stuck")?.status, "True");
  });
  it("is called stuck also where Tekton hasn't begun with it, and stays Pending", () => {
    const execution = anExecution("Pending");
    const runs = [aPipelineRun(execution, "started", { metadata: { creationTimestamp: timeAfter(1) } })];
    assert.deepEqual(follow("started", { execution, runs }), { type: "Wait", until: after(181) });
    const status = written(follow("started", { execution, runs, now: after(181) }));
    assert.deepEqual([status.phase, status.reason], ["Pending", "NoProgress"]);
    const known = anExecution("Pending", status);
    assert.deepEqual(follow("started", { execution: known, runs, now: after(181) }), { type: "Done" });
  });
  it("is no longer stuck when something moves", () => {
    const moved = [aTaskRun({ task: "restart", status: "True", reason: "Succeeded", completionTime: timeAfter(490) })];
    const status = written(silentUntil({ execution: anExecution("Running", written(stalled)), taskRuns: moved }));
    assert.deepEqual([status.reason, conditionOf(status, "Stuck")?.status], ["Running", "False"]);
  });
  it("isn't stuck while a step runs, however long that takes", () => {
    const containerStatuses = [{ name: "step-a", state: { running: { startedAt: timeAfter(3) } } }];
    const pods = [aPod("restart", { phase: "Running", containerStatuses })];
    const taskRuns = [aTaskRun({ task: "restart" })];
    const wishes = { taskRuns, pods };
    const known = anExecution("Running", written(follow("running", { execution: running, ...wishes })));
    assert.equal(conditionOf(known.status, "Stuck")?.status, "False");
    assert.equal(silentUntil({ execution: known, ...wishes })?.type, "Wait");
  });
});

describe("a run that is being stopped", () => {
  it("says so, and why", () => {
    const execution = anExecution("Running");
    const annotations = { [ANNOTATION_STOP_REASON]: "DeadlineExceeded" };
    const runs = [aPipelineRun(execution, "running", { metadata: { annotations }, spec: { status: "Cancelled" } })];
    const { reason, message } = written(follow("running", { execution, runs }));
    assert.deepEqual([reason, message], ["Stopping", "the run is being stopped (DeadlineExceeded, Cancelled)"]);
  });
});

describe("the log of a step", () => {
  const terminated = { exitCode: 1, reason: "Error", startedAt: timeAfter(3), finishedAt: timeAfter(5) };
  const taskRuns = [aTaskRun({ task: "restart", reason: "StepFailed", steps: [anEndedStep("main", 1)] })];
  const pods = [
    aPod("restart", { phase: "Failed", containerStatuses: [{ name: "step-main", state: { terminated } }] }),
  ];
  const log = { podUid: "uid-of-pod-of-restart", podName: "run-restart-pod", container: "step-main", text: "" };
  const wanted = { namespace: "", name: "run-restart-pod", uid: "uid-of-pod-of-restart" };
  const live = { lostPods: [], events: [], logs: [{ ...log, text: "disk full" }] };

  it("that failed is read before the end is written, once", () => {
    const step = follow("failed", { fresh: "all", taskRuns, pods });
    assert.deepEqual(step, { type: "ReadLog", pod: wanted, container: "step-main" });
    const end = written(follow("failed", { fresh: "all", taskRuns, pods, more: { live } }));
    assert.deepEqual([end.phase, end.failureDetails?.logTail], ["Failed", "disk full"]);
  });
  it("that can't be read doesn't keep the end from being written", () => {
    const unread = { ...live, logs: [log] };
    const end = written(follow("failed", { fresh: "all", taskRuns, pods, more: { live: unread } }));
    assert.deepEqual([end.phase, end.failureDetails?.logTail], ["Failed", undefined]);
  });
  it("is read while the run goes on, where its pod may be gone later", () => {
    const execution = anExecution("Running");
    assert.equal(follow("running", { execution, taskRuns, pods })?.type, "ReadLog");
  });
  it("of a run that succeeded is of no interest", () => {
    assert.equal(written(follow("succeeded", { fresh: "all", taskRuns, pods })).phase, "Completed");
  });
});

describe("a pod that was made again under its name", () => {
  const started = [{ name: "step-main", state: { running: { startedAt: timeAfter(3) } } }];
  const first = aPod("restart", { phase: "Running", containerStatuses: started }, { creationTimestamp: timeAfter(2) });
  const second = aPod("restart", { phase: "Running" }, { uid: "uid-of-second", creationTimestamp: timeAfter(6) });
  const live = { lostPods: [first], events: [], logs: [] };
  const status = written(follow("running", { pods: [second], more: { live } }));

  it("is told at once: its step may have run twice, and Tekton says nothing of it", () => {
    const condition = conditionOf(status, "StepsRepeated");
    assert.deepEqual([condition?.status, condition?.reason], ["True", "PodRecreated"]);
    assert.match(condition?.message ?? "", /pod run-restart-pod was deleted and made again/);
  });
  it("is told in the end, also by a controller that hasn't seen it", () => {
    const execution = anExecution("Running", status);
    const end = follow("succeeded", { execution, fresh: "all" });
    assert.match(written(end).message ?? "", /^the run succeeded, 1\/1 tasks done; pod run-restart-pod was deleted/);
    const facts = written(end).audit?.pending?.at(-1)?.facts;
    assert.match(facts?.["repeatedSteps"] ?? "", /made again/);
  });
});
