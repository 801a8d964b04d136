import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PipelineRun, TektonCondition } from "../../../pkg/api/tekton.ts";
import { nextMove, type Scene } from "./next-move.ts";
import type { PlayedPod, PlayedTaskRun } from "./objects.ts";
import type { Script } from "./script.ts";

const SUCCEED: Script = { ending: "succeed", stepMs: 100, exitCode: 1, ignoresTerm: false };
const FAIL: Script = { ...SUCCEED, ending: "fail", exitCode: 42 };
const NEVER: Script = { ...SUCCEED, ending: "never" };
const BEGUN = { pipelineSpec: { tasks: [{ name: "act" }] } };

const cases: readonly (readonly [string, Partial<Scene>, string])[] = [
  ["a run that waits for its start gets a condition", { run: aRun("PipelineRunPending") }, "MarkPending"],
  ["and then nothing", { run: aRun("PipelineRunPending", { conditions: [condition("Unknown")] }) }, "Rest"],
  ["a started run gets its pipeline", { run: aRun() }, "BeginRun"],
  ["then a TaskRun", { run: aRun(undefined, BEGUN) }, "CreateTaskRun"],
  ["a TaskRun gets a pod", { run: aRun(undefined, BEGUN), taskRun: aTaskRun() }, "CreatePod"],
  ["and knows it", { run: aRun(undefined, BEGUN), taskRun: aTaskRun(), pod: aPod("Pending") }, "BeginTaskRun"],
  ["a pod begins", atWork(aPod("Pending")), "BeginPod"],
  ["a step works", { ...atWork(aPod("Running")), workedMs: 40 }, "Work"],
  ["a step ends", { ...atWork(aPod("Running")), workedMs: 100 }, "EndPod"],
  ["a step that never ends doesn't", { ...atWork(aPod("Running")), script: NEVER, workedMs: 1e9 }, "Rest"],
  ["a pod that ended ends its TaskRun", atWork(aPod("Succeeded")), "EndTaskRun"],
  ["a pod that is gone ends its TaskRun", atWork(undefined), "EndTaskRun"],
  ["a TaskRun that ended ends its run", ended("True"), "EndRun"],
  ["a run that has ended rests", { run: aRun(undefined, { conditions: [condition("True")] }) }, "Rest"],
  ["a deleted pod is removed, also without its run", { pod: deleted(aPod("Running")) }, "RemovePod"],
  [
    "but not one that ignores SIGTERM",
    { pod: deleted(aPod("Running")), script: { ...NEVER, ignoresTerm: true } },
    "Rest",
  ],
  ["a cancelled run without a TaskRun ends", { run: aRun("Cancelled") }, "EndRun"],
  ["a cancelled run cancels its TaskRun", atWork(aPod("Running"), "CancelledRunFinally"), "CancelTaskRun"],
  ["StoppedRunFinally lets its task work on", { ...atWork(aPod("Running"), "StoppedRunFinally"), workedMs: 1 }, "Work"],
];

describe("the next move of the played Tekton", () => {
  for (const [sentence, scene, expected] of cases) {
    it(sentence, () => {
      assert.equal(nextMove({ ...EMPTY, ...scene }).type, expected);
    });
  }

  it("gives a failing step its exit code", () => {
    const move = nextMove({ ...EMPTY, ...atWork(aPod("Running")), script: FAIL, workedMs: 100 });
    assert.equal(move.type === "EndPod" && move.exitCode, 42);
  });

  it("ends a run as its TaskRun ended, or as cancelled", () => {
    const outcomes = [ended("True"), ended("False"), ended("True", "StoppedRunFinally")].map((scene) => {
      const move = nextMove({ ...EMPTY, ...scene });
      return move.type === "EndRun" && move.outcome;
    });
    assert.deepEqual(outcomes, ["succeeded", "failed", "cancelled"]);
  });

  it("cancels in Tekton's order: the pod is deleted, then TaskRun and run end while it may still be stopping", () => {
    const run = aRun("Cancelled", BEGUN);
    const taskRun: PlayedTaskRun = { ...aTaskRun("pod"), spec: { status: "TaskRunCancelled" } };
    const script = { ...NEVER, ignoresTerm: true };
    const moves = [aPod("Running"), deleted(aPod("Running"))].map(
      (pod) => nextMove({ ...EMPTY, run, taskRun, pod, script }).type,
    );
    assert.deepEqual(moves, ["DeletePod", "EndTaskRun"]);
  });
});

const EMPTY: Scene = {
  run: undefined,
  taskRun: undefined,
  pod: undefined,
  script: SUCCEED,
  workedMs: Infinity,
  hasBegun: false,
};

function aRun(status?: string, runStatus: PipelineRun["status"] = {}): PipelineRun {
  return { metadata: { name: "run" }, spec: status === undefined ? {} : { status }, status: runStatus };
}

function aTaskRun(podName?: string): PlayedTaskRun {
  return { metadata: { name: "run-act" }, status: podName === undefined ? {} : { podName } };
}

function aPod(phase: string): PlayedPod {
  return { metadata: { name: "run-act-pod" }, status: { phase } };
}

function atWork(pod: PlayedPod | undefined, status?: string): Partial<Scene> {
  return { run: aRun(status, BEGUN), taskRun: aTaskRun("run-act-pod"), pod };
}

function ended(status: "True" | "False", runStatus?: string): Partial<Scene> {
  const taskRun = { metadata: { name: "run-act" }, status: { conditions: [condition(status)] } };
  return { run: aRun(runStatus, BEGUN), taskRun };
}

function deleted(pod: PlayedPod): PlayedPod {
  return { ...pod, metadata: { ...pod.metadata, deletionTimestamp: "2026-03-01T10:00:00Z" } };
}

function condition(status: TektonCondition["status"]): TektonCondition {
  return { type: "Succeeded", status };
}
