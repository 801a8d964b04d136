import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aTaskRun } from "../../test/support/a-task-run.ts";
import { recordedRun } from "../../test/support/recorded-run.ts";
import type { PipelineRun, PipelineRunStatus } from "../api/tekton.ts";
import { progressOf } from "./progress.ts";

function aRun(status: PipelineRunStatus = {}): PipelineRun {
  const pipelineSpec = { tasks: [{ name: "a" }, { name: "b" }, { name: "c" }], finally: [{ name: "f" }] };
  return { metadata: { name: "run" }, spec: {}, status: { pipelineSpec, ...status } };
}

const succeeded = aTaskRun({ task: "a", reason: "Succeeded", status: "True" });

describe("progressOf: recorded runs", () => {
  const cases: Readonly<Record<string, readonly [progress: string, percent: number, currentTask?: string]>> = {
    succeeded: ["2/2", 100],
    "when-skipped": ["2/2", 100],
    "exit-one": ["2/3", 66],
    "pipelinerun-deleted-before": ["0/2", 0, "slow"],
    "pending-then-started-pending": ["0/0", 0],
    "pending-then-started-running": ["0/1", 0, "hello"],
    "quota-exceeded-waiting": ["0/1", 0, "hello"],
    "pipeline-timeout": ["2/3", 66],
    "bundle-registry-down": ["0/0", 0],
  };
  for (const [name, expected] of Object.entries(cases)) {
    it(`${name} is at ${expected.join(" ")}`, () => {
      const { progress, progressPercent, currentTask } = progressOf(recordedRun(name));
      assert.deepEqual([progress, progressPercent, currentTask], [expected[0], expected[1], expected[2]]);
    });
  }

  it("mirrors the run's condition", () => {
    const { status, reason, message } = progressOf(recordedRun("exit-one"));
    assert.deepEqual(
      [status, reason, message],
      ["False", "Failed", "Tasks Completed: 2 (Failed: 1, Cancelled 0), Skipped: 1"],
    );
  });
});

describe("progressOf", () => {
  it("leaves finally out until it starts", () => {
    const started = aRun({ finallyStartTime: "2026-11-21T12:00:00Z" });
    assert.equal(progressOf({ run: aRun(), taskRuns: [succeeded] }).progress, "1/3");
    assert.equal(progressOf({ run: started, taskRuns: [succeeded] }).progress, "1/4");
  });

  it("counts a task that isn't needed as completed, but not one that the end of the run cut off", () => {
    const skippedTasks = [
      { name: "b", reason: "When Expressions evaluated to false" },
      { name: "c", reason: "PipelineRun was stopping" },
    ];
    assert.equal(progressOf({ run: aRun({ skippedTasks }), taskRuns: [succeeded] }).progress, "2/3");
  });

  it("counts a task that runs several times (matrix) only when all have ended", () => {
    const taskRuns = [succeeded, aTaskRun({ task: "a" })];
    assert.equal(progressOf({ run: aRun(), taskRuns }).progress, "0/3");
  });

  it("names the task that began first, and one that has no start yet by its creation", () => {
    const early = aTaskRun({ task: "c" });
    const { startTime: _none, ...waiting } = aTaskRun({ task: "b" }).status ?? {};
    const late = { ...aTaskRun({ task: "b" }), status: { ...waiting, startTime: "2026-11-21T12:30:00Z" } };
    const unborn = { ...aTaskRun({ task: "a" }), metadata: { name: "x" } };
    assert.equal(progressOf({ run: aRun(), taskRuns: [late, unborn, early] }).currentTask, "c");
  });

  it("counts a custom task, which has no TaskRun, when the whole run has succeeded", () => {
    const conditions = [{ type: "Succeeded", status: "True", reason: "Succeeded" }] as const;
    assert.equal(progressOf({ run: aRun(), taskRuns: [] }).progress, "0/3");
    assert.equal(progressOf({ run: aRun({ conditions }), taskRuns: [] }).progress, "3/3");
  });

  it("removes secrets from the message", () => {
    const message = "Get https://user:hunter2@registry.example/v2/: refused";
    const conditions = [{ type: "Succeeded", status: "Unknown", message }] as const;
    const shown = progressOf({ run: aRun({ conditions }), taskRuns: [] }).message;
    assert.equal(shown, "Get https://[redacted]@registry.example/v2/: refused");
  });
});
