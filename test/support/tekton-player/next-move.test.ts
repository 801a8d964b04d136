import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PipelineRun, TektonCondition } from "../../../pkg/api/tekton.ts";
import type { TaskScene } from "./move-task.ts";
import { nextMove, type Move, type Scene } from "./next-move.ts";
import type { PlayedPod, PlayedTaskRun, TaskName } from "./objects.ts";
import type { Script } from "./script.ts";

const SUCCEED: Script = {
  ...{ ending: "succeed", finally: "none", stepMs: 100, exitCode: 1 },
  ...{ ignoresTerm: false, missesTask: false, remakesPod: false, podsWait: false, ignoresTime: false },
};
const FAIL: Script = { ...SUCCEED, ending: "fail", exitCode: 42 };
const NEVER: Script = { ...SUCCEED, ending: "never" };
const WITH_FINALLY: Script = { ...NEVER, finally: "never" };
const STARTED_AT = "2026-03-01T10:00:00Z";
const NOW = Date.parse(STARTED_AT) + 10_000;
const BEGUN = { startTime: STARTED_AT, pipelineSpec: { tasks: [{ name: "act" }] } };

const cases: readonly (readonly [string, Partial<Scene>, string])[] = [
  ["a run that waits for its start gets a condition", { run: aRun("PipelineRunPending") }, "MarkPending"],
  ["and then nothing", { run: aRun("PipelineRunPending", { conditions: [condition("Unknown")] }) }, "Rest"],
  ["a started run gets its pipeline", { run: aRun() }, "BeginRun"],
  ["then a TaskRun", { run: aRun(undefined, BEGUN) }, "CreateTaskRun"],
  ["a TaskRun gets a pod", { run: aRun(undefined, BEGUN), act: act({ taskRun: aTaskRun() }) }, "CreatePod"],
  [
    "and knows it",
    { run: aRun(undefined, BEGUN), act: act({ taskRun: aTaskRun(), pod: aPod("Pending") }) },
    "BeginTaskRun",
  ],
  ["a pod begins", atWork(aPod("Pending")), "BeginPod"],
  ["or waits", { ...atWork(aPod("Pending")), script: { ...SUCCEED, podsWait: true } }, "Rest"],
  ["a step works", atWork(aPod("Running"), undefined, 40), "Work"],
  ["a step ends", atWork(aPod("Running"), undefined, 100), "EndPod"],
  ["a step that never ends doesn't", { ...atWork(aPod("Running"), undefined, 1e9), script: NEVER }, "Rest"],
  ["a pod that ended ends its TaskRun", atWork(aPod("Succeeded")), "EndTaskRun"],
  ["a pod that is gone ends its TaskRun", atWork(undefined), "EndTaskRun"],
  [
    "but one that was deleted by force is made again",
    { ...atWork(undefined), script: { ...NEVER, remakesPod: true } },
    "CreatePod",
  ],
  ["a TaskRun that ended ends its run", ended("True"), "EndRun"],
  ["a run that has ended rests", { run: aRun(undefined, { conditions: [condition("True")] }) }, "Rest"],
  ["a deleted pod is removed, also without its run", { act: act({ pod: deleted(aPod("Running")) }) }, "RemovePod"],
  [
    "but not one that ignores SIGTERM",
    { act: act({ pod: deleted(aPod("Running")) }), script: { ...NEVER, ignoresTerm: true } },
    "Rest",
  ],
  ["a cancelled run without a TaskRun ends", { run: aRun("Cancelled") }, "EndRun"],
  ["a cancelled run cancels its TaskRun", atWork(aPod("Running"), "CancelledRunFinally"), "CancelTaskRun"],
  ["StoppedRunFinally lets its task work on", atWork(aPod("Running"), "StoppedRunFinally", 1), "Work"],
  ["a TaskRun that was cancelled alone stops its pod", stoppedAlone(aPod("Running")), "DeletePod"],
  ["and ends", stoppedAlone(deleted(aPod("Running"))), "EndTaskRun"],
  ["a task that ended is followed by finally", { ...ended("True"), script: WITH_FINALLY }, "BeginFinally"],
  [
    "also where the run is stopped before it has begun a task",
    { run: aRun("StoppedRunFinally", BEGUN), script: WITH_FINALLY },
    "BeginFinally",
  ],
  ["finally gets its TaskRun", inFinally(undefined), "CreateTaskRun"],
  ["a run whose finally ends has ended", inFinally(endedTaskRun("True")), "EndRun"],
  ["a run rests until its time is over", { ...atWork(aPod("Running")), ...lasting("11s") }, "Work"],
  ["then its TaskRun is cancelled", { ...atWork(aPod("Running")), ...lasting("10s") }, "CancelTaskRun"],
  [
    "but not where Tekton doesn't look at the time",
    { ...atWork(aPod("Running")), ...lasting("10s"), script: { ...NEVER, ignoresTime: true } },
    "Rest",
  ],
  [
    "while Tekton is down nothing is done about a cancel",
    { ...atWork(aPod("Running"), "Cancelled"), script: NEVER, isHeld: true },
    "Rest",
  ],
  ["but a deleted pod stops", { ...atWork(deleted(aPod("Running")), "Cancelled"), isHeld: true }, "RemovePod"],
  [
    "an orphan that was cancelled stops",
    { ...stoppedAlone(deleted(aPod("Running"))), run: undefined, script: { ...NEVER, ignoresTerm: true } },
    "EndTaskRun",
  ],
];

describe("the next move of the played Tekton", () => {
  for (const [sentence, scene, expected] of cases) {
    it(sentence, () => {
      assert.equal(moveIn(scene).type, expected);
    });
  }

  it("gives a failing step its exit code", () => {
    const move = moveIn({ ...atWork(aPod("Running"), undefined, 100), script: FAIL });
    assert.equal(move.type === "EndPod" && move.exitCode, 42);
  });

  it("ends a run as its TaskRun ended, or as cancelled, or as timed out", () => {
    const timedOut = "TaskRun cancelled as the PipelineRun it belongs to has timed out.";
    const outcomes = [
      ended("True"),
      ended("False"),
      ended("True", "StoppedRunFinally"),
      ended("False", undefined, { status: "TaskRunCancelled" }),
      ended("False", undefined, { status: "TaskRunCancelled", statusMessage: timedOut }),
    ].map(outcomeIn);
    assert.deepEqual(outcomes, ["succeeded", "failed", "cancelled", "cancelled", "timedOut"]);
  });
});

describe("a run that is cancelled for good", () => {
  const told: PlayedTaskRun = { ...aTaskRun("pod"), spec: { status: "TaskRunCancelled" } };
  const done = aRun("Cancelled", { ...BEGUN, conditions: [condition("False")] });

  it("has ended as soon as its TaskRun was told to stop, which stops its pod only then", () => {
    const pod = aPod("Running");
    const scenes: readonly Partial<Scene>[] = [
      { run: aRun("Cancelled", BEGUN), act: act({ taskRun: aTaskRun("pod"), pod }) },
      { run: aRun("Cancelled", BEGUN), act: act({ taskRun: told, pod }) },
      { run: done, act: act({ taskRun: told, pod }) },
      { run: done, act: act({ taskRun: told, pod: deleted(pod) }) },
    ];
    const script = { ...NEVER, ignoresTerm: true };
    const moves = scenes.map((scene) => moveIn({ ...scene, script }).type);
    assert.deepEqual(moves, ["CancelTaskRun", "EndRun", "DeletePod", "EndTaskRun"]);
  });

  it("may have missed a TaskRun, which works on", () => {
    const script = { ...SUCCEED, missesTask: true };
    const working = act({ taskRun: aTaskRun("pod"), pod: aPod("Running"), workedMs: 40 });
    assert.equal(moveIn({ run: aRun("Cancelled", BEGUN), act: working, script }).type, "EndRun");
    assert.equal(moveIn({ run: done, act: working, script }).type, "Work");
  });

  it("cancels a finally task, too", () => {
    const move = moveIn(inFinally(aTaskRun("pod"), "Cancelled"));
    assert.equal(move.type, "CancelTaskRun");
  });
});

function moveIn(scene: Partial<Scene>): Move {
  return nextMove({
    ...{ run: undefined, act: act(), cleanup: aTask("cleanup"), script: SUCCEED, now: NOW, isHeld: false },
    ...scene,
  });
}

function outcomeIn(scene: Partial<Scene>): string {
  const move = moveIn(scene);
  return move.type === "EndRun" ? move.outcome : move.type;
}

function act(parts: Partial<TaskScene> = {}): TaskScene {
  return aTask("act", parts);
}

function aTask(task: TaskName, parts: Partial<TaskScene> = {}): TaskScene {
  return { task, taskRun: undefined, pod: undefined, workedMs: 1e9, hasBegun: false, ...parts };
}

function aRun(status?: string, runStatus: PipelineRun["status"] = {}): PipelineRun {
  return { metadata: { name: "run" }, spec: status === undefined ? {} : { status }, status: runStatus };
}

/** A run that has begun, with that timeout for its tasks. */
function lasting(tasks: string): Partial<Scene> {
  return { run: { metadata: { name: "run" }, spec: { timeouts: { tasks } }, status: BEGUN }, script: NEVER };
}

function aTaskRun(podName?: string): PlayedTaskRun {
  return { metadata: { name: "run-act" }, status: podName === undefined ? {} : { podName } };
}

function endedTaskRun(status: "True" | "False", spec: NonNullable<PlayedTaskRun["spec"]> = {}): PlayedTaskRun {
  return { metadata: { name: "run-act" }, spec, status: { conditions: [condition(status)] } };
}

function aPod(phase: string): PlayedPod {
  return { metadata: { name: "run-act-pod" }, status: { phase } };
}

function atWork(pod: PlayedPod | undefined, status?: string, workedMs = 1e9): Partial<Scene> {
  return { run: aRun(status, BEGUN), act: act({ taskRun: aTaskRun("run-act-pod"), pod, workedMs }) };
}

function stoppedAlone(pod: PlayedPod): Partial<Scene> {
  const taskRun: PlayedTaskRun = { ...aTaskRun("run-act-pod"), spec: { status: "TaskRunCancelled" } };
  return { run: aRun(undefined, BEGUN), act: act({ taskRun, pod }), script: { ...NEVER, ignoresTerm: true } };
}

function ended(
  status: "True" | "False",
  runStatus?: string,
  spec: NonNullable<PlayedTaskRun["spec"]> = {},
): Partial<Scene> {
  return { run: aRun(runStatus, BEGUN), act: act({ taskRun: endedTaskRun(status, spec) }) };
}

function inFinally(taskRun: PlayedTaskRun | undefined, status?: string): Partial<Scene> {
  const run = aRun(status, { ...BEGUN, finallyStartTime: STARTED_AT });
  return { ...ended("True"), run, cleanup: aTask("cleanup", { taskRun }), script: WITH_FINALLY };
}

function deleted(pod: PlayedPod): PlayedPod {
  return { ...pod, metadata: { ...pod.metadata, deletionTimestamp: "2026-03-01T10:00:00Z" } };
}

function condition(status: TektonCondition["status"]): TektonCondition {
  return { type: "Succeeded", status };
}
