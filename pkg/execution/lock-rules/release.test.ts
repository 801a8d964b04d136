import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../../test/support/builders/a-pipeline-run.ts";
import { aLockSnapshot, aPolicy, type LockSnapshotWishes } from "../../../test/support/builders/a-snapshot.ts";
import { aBoundLock, aHeldLock, aHistory, aTargetLock } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { timeAfter } from "../../../test/support/builders/moments.ts";
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
    const { execution: _execution, ...gone } = { execution: ended, lock: bound, runs: [], fresh: "all" } as const;
    assert.ok(isReleased(release(aLockSnapshot(gone), aPolicy())));
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
    "a TaskRun": { taskRuns: [aTaskRun()] },
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
