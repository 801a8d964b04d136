import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../../test/support/builders/a-pipeline-run.ts";
import { aCase, type SnapshotWishes } from "../../../test/support/builders/a-snapshot.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, lookedAt, written } from "../../../test/support/builders/written.ts";
import { aPod, aTaskRun } from "../../../test/support/a-task-run.ts";
import { conditionOf } from "../conditions.ts";
import type { Step } from "../step.ts";
import { aliveRemains, awaitRemains } from "./remains.ts";

const executionRef = { namespace: "kubernaut-workflows", name: "the-run", uid: "uid-of-run" };
const w = aWorkflowExecution({ status: { executionRef, reason: "Cancelled", message: "it was deleted" } });

function remains(wishes: SnapshotWishes = {}, told: Parameters<typeof awaitRemains>[1] = {}): Step | undefined {
  return awaitRemains(aCase({ execution: w, ...wishes }), told);
}

const noticed = remains({ fresh: ["runs"] });
const waiting = aWorkflowExecution({ status: written(noticed) });

describe("the remains of a run that is gone", () => {
  it("are awaited from the moment at which its loss was seen, which is written down", () => {
    assert.equal(lookedAt(remains()), "runs");
    const condition = conditionOf(written(noticed), "TektonPipelineRunning");
    assert.deepEqual(
      [condition?.status, condition?.reason, condition?.lastTransitionTime],
      ["False", "PipelineRunGone", timeAfter(10)],
    );
    assert.match(condition?.message ?? "", /^PipelineRun kubernaut-workflows\/the-run is gone/);
    assert.deepEqual(eventsIn(noticed), []);
  });
  it("leave the verdict of the execution as it is, or give it another reason", () => {
    const { phase, reason, message } = written(noticed);
    assert.deepEqual([phase, reason, message], ["Pending", "Cancelled", "it was deleted"]);
    const told = written(remains({ fresh: ["runs"] }, { reason: "PipelineRunDeletedExternally", message: "gone" }));
    assert.deepEqual([told.reason, told.message], ["PipelineRunDeletedExternally", "gone"]);
  });
  it("may still be made until the settle time is over: nothing is read before", () => {
    for (const now of [after(10), after(70) - 1]) {
      assert.deepEqual(remains({ execution: waiting, now }), { type: "Wait", until: after(70) });
    }
  });
  it("are read then, all of them", () => {
    const looks = ["runs", "taskRuns", "customRuns", "pods"] as const;
    for (const [n, object] of looks.entries()) {
      assert.equal(lookedAt(remains({ execution: waiting, now: after(70), fresh: looks.slice(0, n) })), object);
    }
  });
  const alive: Readonly<Record<string, SnapshotWishes>> = {
    "a pod": { pods: [aPod("restart", { phase: "Running" })] },
    "a TaskRun that was told to stop": { taskRuns: [aTaskRun({ statusMessage: "cancelled" })] },
    "a CustomRun": { customRuns: [{ metadata: { name: "approval" } }] },
    "another run with its label": { runs: [aPipelineRun(w, "running", { metadata: { uid: "uid-of-second" } })] },
  };
  for (const [sentence, wishes] of Object.entries(alive)) {
    it(`are waited for while there is ${sentence}`, () => {
      const step = remains({ execution: waiting, now: after(70), fresh: "all", ...wishes });
      assert.deepEqual(step, { type: "Done" });
    });
  }
  it("are told to stop: whoever deleted the run wanted that, and nobody else does it", () => {
    const step = remains({ execution: waiting, now: after(70), fresh: "all", taskRuns: [aTaskRun()] });
    assert.deepEqual(step?.type === "CancelTaskRun" && step.taskRun.uid, "uid-of-fail");
  });
  it("are nothing where all has ended, or can't begin", () => {
    const wishes = {
      pods: [aPod("restart", { phase: "Failed" })],
      runs: [aPipelineRun(w, "pending", { metadata: { uid: "uid-of-late" } })],
    };
    assert.equal(remains({ execution: waiting, now: after(70), fresh: "all", ...wishes }), undefined);
  });
});

describe("what of an execution may still act", () => {
  it("is all but its own run", () => {
    const own = aPipelineRun(w, "running");
    const second = aPipelineRun(w, "running", { metadata: { uid: "uid-of-second", name: "second" } });
    const alive = aliveRemains(aCase({ execution: w, runs: [own, second], pods: [aPod("a", { phase: "Pending" })] }));
    assert.deepEqual(
      alive.map(({ kind, name }) => [kind, name]),
      [
        ["PipelineRun", "second"],
        ["Pod", "run-a-pod"],
      ],
    );
  });
});
