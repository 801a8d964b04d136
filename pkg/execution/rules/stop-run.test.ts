import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun, type RunProgress, type RunWishes } from "../../../test/support/builders/a-pipeline-run.ts";
import { aCase, type SnapshotWishes } from "../../../test/support/builders/a-snapshot.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { lookedAt } from "../../../test/support/builders/written.ts";
import { aPod, aTaskRun } from "../../../test/support/a-task-run.ts";
import { ANNOTATION_STOP_REASON, ANNOTATION_STOP_REQUESTED_AT } from "../../api/labels.ts";
import type { ObjectMeta } from "../../api/meta.ts";
import type { CancelRequest, WorkflowExecutionSpec } from "../../api/workflow-execution.ts";
import type { Step } from "../step.ts";
import { nextStop, stopRun } from "./stop-run.ts";

const executionRef = { namespace: "kubernaut-workflows", name: "the-run", uid: "uid-of-run" };

interface Wishes extends Omit<SnapshotWishes, "now" | "execution"> {
  /** Of the execution. */
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: Partial<WorkflowExecutionSpec>;
  readonly progress?: RunProgress;
  readonly run?: RunWishes;
  /** Seconds. */
  readonly now?: number;
}

function theCase({ metadata = {}, spec = {}, progress = "running", run = {}, now = 12, ...rest }: Wishes) {
  const execution = aWorkflowExecution({ metadata, spec, status: { phase: "Running", executionRef } });
  return aCase({ execution, runs: [aPipelineRun(execution, progress, run)], now: after(now), ...rest });
}

function stop(wishes: Wishes): Step | undefined {
  return stopRun(theCase(wishes));
}

/** What the run is asked for, in which version, why and when. */
function asked(wishes: Wishes): unknown {
  const step = stop(wishes);
  if (step?.type !== "CancelRun") return step;
  const { mode, annotations, run } = step;
  const { [ANNOTATION_STOP_REASON]: why, [ANNOTATION_STOP_REQUESTED_AT]: at } = annotations;
  return [mode, why, at, run.uid, run.resourceVersion];
}

function asks(mode: string, why: string, second: number): unknown {
  return [mode, why, timeAfter(second), "uid-of-run", "200"];
}

function toCancel(mode: CancelRequest["mode"]): Wishes {
  return { spec: { cancel: { mode } } };
}

function already(status: string, why = "Cancel", at = 12): RunWishes {
  const annotations = { [ANNOTATION_STOP_REASON]: why, [ANNOTATION_STOP_REQUESTED_AT]: timeAfter(at) };
  return { spec: { status }, metadata: { annotations } };
}

describe("a run that nobody wants to stop", () => {
  it("goes on", () => {
    assert.equal(stop({}), undefined);
  });
});

describe("a run that somebody wants to be cancelled", () => {
  it("is cancelled in the mode that was asked for, in Tekton's words", () => {
    assert.deepEqual(asked(toCancel("Cancel")), asks("Cancelled", "Cancel", 12));
    assert.deepEqual(asked(toCancel("CancelRunFinally")), asks("CancelledRunFinally", "Cancel", 12));
    assert.deepEqual(asked(toCancel("StopRunFinally")), asks("StoppedRunFinally", "Cancel", 12));
  });
  it("is asked once", () => {
    assert.equal(stop({ ...toCancel("StopRunFinally"), run: already("StoppedRunFinally") }), undefined);
  });
  it("keeps its other annotations", () => {
    const step = stop({ ...toCancel("Cancel"), run: { metadata: { annotations: { team: "payments" } } } });
    assert.equal(step?.type === "CancelRun" && step.annotations["team"], "payments");
  });
  it("is stopped harder when that is asked for, never more gently", () => {
    const stopped = already("StoppedRunFinally");
    assert.deepEqual(
      asked({ ...toCancel("CancelRunFinally"), run: stopped }),
      asks("CancelledRunFinally", "Cancel", 12),
    );
    assert.deepEqual(asked({ ...toCancel("Cancel"), run: stopped }), asks("Cancelled", "Cancel", 12));
    assert.equal(stop({ ...toCancel("StopRunFinally"), run: already("CancelledRunFinally") }), undefined);
    assert.equal(stop({ ...toCancel("CancelRunFinally"), run: already("Cancelled") }), undefined);
  });
  it("is left alone where somebody else has cancelled it for good, however long that is ago", () => {
    const run = { spec: { status: "Cancelled" } };
    assert.equal(
      stop({ ...toCancel("Cancel"), run, now: 500, pods: [aPod("restart", { phase: "Running" })] }),
      undefined,
    );
  });
  for (const progress of ["pending", "succeeded", "failed"] as const) {
    it(`is no matter of this rule where it is ${progress}`, () => {
      assert.equal(stop({ ...toCancel("Cancel"), progress }), undefined);
    });
  }
  it("is no matter of this rule where it is gone, or not yet bound", () => {
    assert.equal(stop({ ...toCancel("Cancel"), runs: [] }), undefined);
    const execution = aWorkflowExecution({ spec: { cancel: { mode: "Cancel" } } });
    assert.equal(stopRun(aCase({ execution, runs: [aPipelineRun(execution, "running")] })), undefined);
  });
});

describe("the run of a deleted execution", () => {
  const metadata = { deletionTimestamp: timeAfter(10) };
  const timeouts = { finally: "1m" };
  const polite = { ...already("CancelledRunFinally", "Deletion"), spec: { status: "CancelledRunFinally", timeouts } };

  it("is cancelled politely first, so that `finally` can roll back", () => {
    assert.deepEqual(asked({ metadata, run: { spec: { timeouts } } }), asks("CancelledRunFinally", "Deletion", 12));
  });
  it("gets the time that it was given for `finally`, and is then cancelled for good", () => {
    assert.equal(stop({ metadata, run: polite, now: 69 }), undefined);
    assert.deepEqual(asked({ metadata, run: polite, now: 70 }), asks("Cancelled", "Deletion", 70));
  });
  it("gets it also where the execution's deadline is near", () => {
    assert.equal(stop({ metadata, run: polite, spec: { timesOutAt: timeAfter(40) }, now: 69 }), undefined);
  });
  it("is cancelled for good at once where somebody had asked for that", () => {
    assert.deepEqual(asked({ metadata, ...toCancel("Cancel") }), asks("Cancelled", "Cancel", 12));
  });
  it("keeps the first reason: who had asked for it before the deletion is why it ends", () => {
    const run = already("StoppedRunFinally", "Cancel");
    assert.deepEqual(asked({ metadata, run }), asks("CancelledRunFinally", "Cancel", 12));
  });
});

describe("a run whose time is over", () => {
  const run = { spec: { timeouts: { pipeline: "1m", finally: "10s" } } };
  it("is Tekton's to end, and cancelled by us where Tekton doesn't", () => {
    assert.equal(stop({ run, now: 91 }), undefined);
    assert.deepEqual(asked({ run, now: 92 }), asks("Cancelled", "DeadlineExceeded", 92));
  });
  it("has its end at timesOutAt where that is earlier", () => {
    assert.deepEqual(
      asked({ run, spec: { timesOutAt: timeAfter(20) }, now: 50 }),
      asks("Cancelled", "DeadlineExceeded", 50),
    );
  });
  it("stays Cancelled where somebody had asked for that before", () => {
    const cancelled = { ...already("StoppedRunFinally"), spec: { ...run.spec, status: "StoppedRunFinally" } };
    assert.deepEqual(asked({ run: cancelled, now: 92 }), asks("Cancelled", "Cancel", 92));
  });
});

describe("a run that was cancelled for good and that Tekton doesn't end", () => {
  const run = already("Cancelled", "Cancel", 12);
  const taskRuns = [aTaskRun({ task: "restart" })];
  const pods = [aPod("restart", { phase: "Running" })];
  const wishes = { ...toCancel("Cancel"), run, taskRuns, pods, fresh: "all", now: 42 } as const;

  it("is left to Tekton for half a minute", () => {
    assert.equal(stop({ ...wishes, now: 41 }), undefined);
  });
  it("has its TaskRuns cancelled before its pods: a pod of a TaskRun that goes on would be made again", () => {
    const step = stop(wishes);
    assert.deepEqual(step?.type === "CancelTaskRun" && step.taskRun.uid, "uid-of-restart");
  });
  it("has its pods deleted then, after a look", () => {
    const told = [aTaskRun({ task: "restart", statusMessage: "cancelled" })];
    assert.equal(lookedAt(stop({ ...wishes, taskRuns: told, fresh: [] })), "taskRuns");
    assert.equal(lookedAt(stop({ ...wishes, taskRuns: told, fresh: ["taskRuns"] })), "pods");
    const step = stop({ ...wishes, taskRuns: told });
    assert.deepEqual(step?.type === "DeletePod" && step.pod.uid, "uid-of-pod-of-restart");
  });
  it("has nothing more to be stopped where all pods are stopping or have stopped", () => {
    const told = [aTaskRun({ task: "restart", statusMessage: "cancelled" })];
    const going = [aPod("restart", { phase: "Running" }, { deletionTimestamp: timeAfter(40) })];
    assert.equal(stop({ ...wishes, taskRuns: told, pods: going }), undefined);
    assert.equal(stop({ ...wishes, taskRuns: told, pods: [aPod("restart", { phase: "Failed" })] }), undefined);
  });
});

describe("the next moment at which a run must be stopped", () => {
  function next(wishes: Wishes): number {
    const c = theCase(wishes);
    const [run] = c.s.runs.value;
    assert.ok(run);
    return nextStop(c, run);
  }
  it("is the end of its time, the end of `finally` and that of Tekton's patience, whatever comes first", () => {
    const timeouts = { pipeline: "1m", finally: "10s" };
    assert.equal(next({ run: { spec: { timeouts } } }), after(92));
    assert.equal(next({ run: { spec: { timeouts } }, metadata: { deletionTimestamp: timeAfter(10) } }), after(20));
    assert.equal(next({ run: already("Cancelled"), spec: { cancel: { mode: "Cancel" } } }), after(42));
  });
  it("is never one that has passed", () => {
    assert.equal(next({ run: { spec: { timeouts: { pipeline: "1m" } } }, now: 92 }), Infinity);
  });
});
