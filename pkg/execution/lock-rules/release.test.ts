import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../../test/support/builders/a-pipeline-run.ts";
import { aLockSnapshot, aPolicy, type LockSnapshotWishes } from "../../../test/support/builders/a-snapshot.ts";
import { aBoundLock, aHeldLock, aHistory, aTargetLock } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { lookedAt } from "../../../test/support/builders/written.ts";
import { aPod, aTaskRun } from "../../../test/support/a-task-run.ts";
import type { Step } from "../step.ts";
import { release } from "./release.ts";

const running = aWorkflowExecution({ status: { phase: "Running" } });
const ended = aWorkflowExecution({ status: { phase: "Completed", outcome: "Success" } });
const done = aPipelineRun(ended, "succeeded");
const bound = aBoundLock(ended);

/** A lock whose holder has ended, with everything just read. */
function decide(wishes: LockSnapshotWishes = {}): Step | undefined {
  return release(aLockSnapshot({ execution: ended, lock: bound, runs: [done], fresh: "all", ...wishes }), aPolicy());
}

function isReleased(step: Step | undefined): boolean {
  return step?.type === "UpdateLock" && step.lock.spec.state === "Free";
}

describe("a target", () => {
  it("is given back when its holder has ended and nothing of it is alive", () => {
    const step = decide();
    assert.ok(isReleased(step));
    assert.equal(step?.type === "UpdateLock" && step.lock.spec.workflows?.[0]?.lastOutcome, "Success");
    assert.equal(step?.type === "UpdateLock" && step.lock.metadata.resourceVersion, "50");
  });
  it("is given back when its holder is gone, or another one of its name is there", () => {
    assert.ok(isReleased(release(aLockSnapshot({ lock: bound, runs: [done], fresh: "all" }), aPolicy())));
    const namesake = aWorkflowExecution({ metadata: { uid: "uid-of-namesake" }, status: { phase: "Running" } });
    assert.ok(isReleased(decide({ execution: namesake })));
  });
  it("is given back from an execution that ended before it had a run", () => {
    const failed = aWorkflowExecution({ status: { phase: "Failed", outcome: "Failed" } });
    assert.ok(isReleased(decide({ execution: failed, lock: aHeldLock(failed), runs: [] })));
  });

  const kept: Readonly<Record<string, LockSnapshotWishes>> = {
    "while its holder runs": { execution: running, lock: aBoundLock(running) },
    "while its holder is Pending": { execution: aWorkflowExecution(), lock: aHeldLock(running), runs: [] },
    "where nobody holds it": { lock: aTargetLock({ workflows: [aHistory()] }) },
    "where its record is of a newer format": { lock: aBoundLock(ended, "uid-of-run", { formatVersion: 2 }) },
  };
  for (const [sentence, wishes] of Object.entries(kept)) {
    it(`is left as it is ${sentence}`, () => {
      assert.equal(decide(wishes), undefined);
    });
  }

  it("is given back only after fresh looks, parents before what they make", () => {
    const looks = ["lock", "execution", "runs", "taskRuns", "customRuns", "pods"] as const;
    for (const [n, object] of looks.entries()) assert.equal(lookedAt(decide({ fresh: looks.slice(0, n) })), object);
  });

  it("is given back without listing again what the holder's end has listed", () => {
    const conditions = [
      {
        type: "TektonPipelineComplete",
        status: "True",
        reason: "Succeeded",
        message: "",
        lastTransitionTime: timeAfter(9),
      },
    ] as const;
    const complete = aWorkflowExecution({ status: { phase: "Completed", outcome: "Success", conditions } });
    assert.ok(isReleased(decide({ execution: complete, fresh: ["lock", "execution"] })));
    const unfinished = aWorkflowExecution({ status: { phase: "Running", conditions } });
    assert.equal(decide({ execution: unfinished, fresh: ["lock", "execution"] }), undefined);
    const namesake = aWorkflowExecution({
      metadata: { uid: "uid-of-namesake" },
      status: { phase: "Completed", conditions },
    });
    assert.equal(lookedAt(decide({ execution: namesake, fresh: ["lock", "execution"] })), "runs");
  });

  const waits: Readonly<Record<string, LockSnapshotWishes>> = {
    "its run": { runs: [aPipelineRun(ended, "running")] },
    "a run that was started and not yet begun": { runs: [aPipelineRun(ended, "started")] },
    "a second run with its label": {
      runs: [done, aPipelineRun(ended, "running", { metadata: { uid: "uid-of-second" } })],
    },
    "a TaskRun that was told to stop": { taskRuns: [aTaskRun({ statusMessage: "cancelled" })] },
    "a TaskRun of a run that goes on": { runs: [aPipelineRun(ended, "running")], taskRuns: [aTaskRun()] },
    "a CustomRun": { customRuns: [{ metadata: { name: "approval" } }] },
    "a pod that is being stopped": {
      pods: [aPod("restart", { phase: "Running" }, { deletionTimestamp: timeAfter(9) })],
    },
    "a pod whose state nobody knows, its run being gone": { runs: [], pods: [aPod("restart", { phase: "Unknown" })] },
    "a Pending run that is being deleted": {
      runs: [aPipelineRun(ended, "pending", { metadata: { deletionTimestamp: timeAfter(9) } })],
    },
  };
  for (const [sentence, wishes] of Object.entries(waits)) {
    it(`waits for ${sentence}`, () => {
      assert.deepEqual(decide(wishes), { type: "Done" });
    });
  }

  it("has the Pending run of its holder deleted first, in the version that was seen", () => {
    const step = decide({ runs: [aPipelineRun(ended, "pending")] });
    assert.deepEqual(step?.type === "DeleteRun" && [step.run.uid, step.run.resourceVersion], ["uid-of-run", "200"]);
  });
  it("has a pod of its done run deleted that would start later", () => {
    const step = decide({ pods: [aPod("restart", { phase: "Pending" })] });
    assert.deepEqual(step?.type === "DeletePod" && step.pod.uid, "uid-of-pod-of-restart");
  });
  it("is given back although a pod of its run is left that has stopped", () => {
    assert.ok(isReleased(decide({ pods: [aPod("restart", { phase: "Succeeded" })] })));
  });
});

describe("a target whose holder and run were both removed by somebody else", () => {
  function gone(lock = bound, wishes: LockSnapshotWishes = {}): Step | undefined {
    return release(aLockSnapshot({ lock, fresh: "all", now: after(10), ...wishes }), aPolicy());
  }
  const noticed = gone();
  const missing = aBoundLock(ended, "uid-of-run", { runMissingSince: timeAfter(10) });

  it("remembers when that was noticed, after a look at the runs, and stays bound", () => {
    assert.equal(lookedAt(gone(bound, { fresh: ["lock", "execution"] })), "runs");
    const spec = noticed?.type === "UpdateLock" ? noticed.lock.spec : undefined;
    assert.deepEqual([spec?.state, spec?.runMissingSince, spec?.run], ["Bound", timeAfter(10), bound.spec.run]);
  });
  it("is kept for the settle time: Tekton may act on an older view", () => {
    assert.deepEqual(gone(missing, { now: after(70) }), { type: "Wait", until: after(70) + 999 });
  });
  it("is then given back, after a look at what Tekton has still made", () => {
    const later = { now: after(71) };
    assert.equal(lookedAt(gone(missing, { ...later, fresh: ["lock", "execution", "runs"] })), "taskRuns");
    assert.deepEqual(gone(missing, { ...later, pods: [aPod("restart", { phase: "Running" })] }), { type: "Done" });
    const step = gone(missing, later);
    assert.ok(isReleased(step));
    assert.equal(step?.type === "UpdateLock" && step.lock.spec.runMissingSince, undefined);
  });
  it("is given back at once where it was never bound to a run", () => {
    assert.ok(isReleased(gone(aHeldLock(ended))));
  });
  it("is given back with what a run that is still there tells, which is read last where it names no TaskRun", () => {
    const runs = [aPipelineRun(ended, "failed")];
    const looks = ["lock", "execution", "taskRuns", "customRuns", "pods", "runs"] as const;
    for (const [n, object] of looks.entries()) {
      assert.equal(lookedAt(gone(bound, { runs, fresh: looks.slice(0, n) })), object);
    }
    const step = gone(bound, { runs });
    assert.equal(step?.type === "UpdateLock" && step.lock.spec.workflows?.[0]?.lastOutcome, "Failed");
  });
});

describe("a TaskRun that goes on without its run", () => {
  it("is cancelled: nobody else stops it", () => {
    const step = decide({ taskRuns: [aTaskRun()] });
    assert.deepEqual(step?.type === "CancelTaskRun" && step.taskRun.uid, "uid-of-fail");
  });
});
