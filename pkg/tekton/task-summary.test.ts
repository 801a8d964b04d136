import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRunEvidence } from "../../test/support/a-run-evidence.ts";
import { aTaskRun, type TaskRunWishes } from "../../test/support/a-task-run.ts";
import type { PipelineRun, PipelineRunStatus } from "../api/tekton.ts";
import { otherTasks } from "./task-summary.ts";

const TIMED_OUT = "TaskRun cancelled as the PipelineRun it belongs to has timed out.";
const done: TaskRunWishes = { task: "a", reason: "Succeeded", status: "True" };
const failed: TaskRunWishes = { task: "a", reason: "StepFailed" };

function aRunOf(status: PipelineRunStatus = {}): PipelineRun {
  return { metadata: { name: "run" }, spec: {}, status: { pipelineSpec: { tasks: [{ name: "a" }] }, ...status } };
}

function skipped(reason: string): PipelineRun {
  return aRunOf({ skippedTasks: [{ name: "a", reason }] });
}

const ignoring = aRunOf({ pipelineSpec: { tasks: [{ name: "a", onError: "continue" }] } });

const cases: readonly (readonly [
  sentence: string,
  taskRuns: readonly TaskRunWishes[],
  says: string,
  run?: PipelineRun,
])[] = [
  ["it succeeded", [done], "Tasks completed: a"],
  ["all of its TaskRuns succeeded (matrix)", [done, done], "Tasks completed: a"],
  ["one of its TaskRuns runs (matrix)", [done, { task: "a" }], "Tasks begun but not completed: a"],
  ["one of its TaskRuns failed (matrix)", [done, failed], "Tasks failed: a"],
  ["it failed", [failed], "Tasks failed: a"],
  ["it failed, which the pipeline ignores", [failed], "Tasks failed but ignored: a", ignoring],
  ["it failed, which Tekton ignored", [{ ...failed, reason: "FailureIgnored" }], "Tasks failed but ignored: a"],
  ["it was cancelled alone", [{ task: "a", reason: "TaskRunCancelled", statusMessage: "" }], "Tasks failed: a"],
  [
    "it was stopped with its run",
    [{ task: "a", reason: "TaskRunCancelled", statusMessage: TIMED_OUT }],
    "Tasks begun but not completed: a",
  ],
  ["it wasn't begun", [], "Tasks never run: a"],
  ["it wasn't needed", [], "Tasks not needed: a", skipped("When Expressions evaluated to false")],
  ["the end of the run cut it off", [], "Tasks never run: a", skipped("PipelineRun was stopping")],
];

describe("otherTasks tells of a task that", () => {
  for (const [sentence, taskRuns, says, run = aRunOf()] of cases) {
    it(`${sentence}: ${says}`, () => {
      assert.equal(otherTasks(aRunEvidence({ run, taskRuns: taskRuns.map(aTaskRun) }), undefined), says);
    });
  }

  it("are at most ten of a kind by name", () => {
    const tasks = Array.from({ length: 12 }, (_, index) => ({ name: `t${String(index)}` }));
    const said = otherTasks(aRunEvidence({ run: aRunOf({ pipelineSpec: { tasks } }) }), undefined);
    assert.match(said, /^Tasks never run: t0, t1, .*, t9 and 2 more$/);
  });

  it("is nothing where no pipeline is known", () => {
    assert.equal(otherTasks(aRunEvidence({ run: aRunOf({ pipelineSpec: {} }) }), undefined), "");
  });
});
