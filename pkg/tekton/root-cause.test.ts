import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedStep, aTaskRun } from "../../test/support/a-task-run.ts";
import type { PipelineRun, PipelineRunStatus, TaskRun } from "../api/tekton.ts";
import { rootCause, stoppedTask } from "./root-cause.ts";

const BY_CANCELLED_RUN = "TaskRun cancelled as the PipelineRun it belongs to has been cancelled.";
const BY_TIMED_OUT_RUN = "TaskRun cancelled as the PipelineRun it belongs to has timed out.";
const EARLY = "2026-11-21T12:01:00Z";
const LATE = "2026-11-21T12:02:00Z";

function aRun(status: PipelineRunStatus = {}): PipelineRun {
  const pipelineSpec = { tasks: [{ name: "a" }, { name: "b" }], finally: [{ name: "Undo" }] };
  return { metadata: { name: "run" }, spec: {}, status: { pipelineSpec, ...status } };
}

function failedAt(task: string, completionTime: string): TaskRun {
  return aTaskRun({ task, reason: "StepFailed", completionTime, steps: [anEndedStep("main", 1)] });
}

function stopped(task: string, statusMessage: string, message = ""): TaskRun {
  return aTaskRun({ task, reason: "TaskRunCancelled", completionTime: EARLY, statusMessage, message });
}

const cases: Readonly<Record<string, { readonly taskRuns: readonly TaskRun[]; readonly blame: string | undefined }>> = {
  "the earliest that failed, whatever the order of the list": {
    taskRuns: [failedAt("b", LATE), failedAt("a", EARLY)],
    blame: "a",
  },
  "a task of the DAG before one of finally that failed in the same second": {
    taskRuns: [failedAt("Undo", EARLY), failedAt("a", EARLY)],
    blame: "a",
  },
  "a task of finally where no other failed": { taskRuns: [failedAt("Undo", LATE)], blame: "Undo" },
  "not one that was cancelled with its run": {
    taskRuns: [stopped("a", BY_CANCELLED_RUN), failedAt("b", LATE)],
    blame: "b",
  },
  "nobody where all were cancelled with their run": { taskRuns: [stopped("a", BY_CANCELLED_RUN)], blame: undefined },
  "one that was cancelled alone": { taskRuns: [stopped("a", "")], blame: "a" },
  "not one whose failure Tekton ignores, though it was earlier": {
    taskRuns: [aTaskRun({ task: "a", reason: "FailureIgnored", completionTime: EARLY }), failedAt("b", LATE)],
    blame: "b",
  },
  "one that failed by itself before one that was stopped in the same second": {
    taskRuns: [stopped("a", BY_TIMED_OUT_RUN), failedAt("b", EARLY)],
    blame: "b",
  },
  "one that was stuck before one that was only slow, when time is up for both": {
    taskRuns: [
      stopped("a", BY_TIMED_OUT_RUN),
      stopped("b", BY_TIMED_OUT_RUN, "stopped\nPrevious status: [ExceededResourceQuota] exceeded quota"),
    ],
    blame: "b",
  },
  "nobody where none failed": {
    taskRuns: [aTaskRun({ task: "a", reason: "Succeeded", status: "True" }), aTaskRun({ task: "b" })],
    blame: undefined,
  },
};

describe("rootCause blames", () => {
  for (const [sentence, { taskRuns, blame }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.equal(rootCause({ run: aRun(), taskRuns, pods: [] })?.taskName, blame);
    });
  }

  it("not a task whose failure the pipeline ignores, however it failed", () => {
    const tasks = [{ name: "a", onError: "continue" }, { name: "b" }];
    const run = aRun({ pipelineSpec: { tasks } });
    assert.equal(rootCause({ run, taskRuns: [failedAt("a", EARLY), failedAt("b", LATE)], pods: [] })?.taskName, "b");
  });

  const failed = { conditions: [{ type: "Succeeded", status: "False", reason: "Failed" }] } as const;

  it("a TaskRun that is gone, where no other says why the run failed", () => {
    const run = aRun({ ...failed, childReferences: [{ kind: "TaskRun", name: "run-b", pipelineTaskName: "b" }] });
    const cause = rootCause({ run, taskRuns: [], pods: [] });
    assert.deepEqual(
      [cause?.taskName, cause?.taskIndex, cause?.verdict.reason, cause?.verdict.confidence],
      ["b", 1, "Interrupted", "likely"],
    );
  });

  it("not a TaskRun that is gone where another failed, and nobody where a custom task is gone", () => {
    const childReferences = [{ name: "run-b", pipelineTaskName: "b" }];
    const taskRuns = [failedAt("a", EARLY)];
    assert.equal(rootCause({ run: aRun({ ...failed, childReferences }), taskRuns, pods: [] })?.taskName, "a");
    const other = { conditions: [{ type: "Succeeded", status: "False", reason: "CouldntGetTask" }] } as const;
    assert.equal(rootCause({ run: aRun({ ...other, childReferences }), taskRuns: [], pods: [] }), undefined);
    const custom = [{ kind: "CustomRun", name: "run-b" }];
    assert.equal(rootCause({ run: aRun({ ...failed, childReferences: custom }), taskRuns: [], pods: [] }), undefined);
  });

  it("one of the TaskRuns of a matrix, the first that failed", () => {
    const matrix = ["run-a-0", "run-a-1", "run-a-2"].map((name, index) => {
      const one = failedAt("a", index === 1 ? EARLY : LATE);
      return { ...one, metadata: { ...one.metadata, name } };
    });
    const cause = rootCause({ run: aRun(), taskRuns: matrix, pods: [] });
    assert.deepEqual([cause?.taskName, cause?.task.taskRun.metadata.name], ["a", "run-a-1"]);
  });

  it("nobody for a TaskRun that Tekton missed and this controller cancelled with its run", () => {
    const run = { ...aRun(), spec: { status: "Cancelled" } };
    assert.equal(rootCause({ run, taskRuns: [stopped("a", "")], pods: [] }), undefined);
    assert.equal(stoppedTask({ run, taskRuns: [stopped("a", "")], pods: [] })?.taskName, "a");
  });

  it("a task by the run's list of children where the TaskRun has lost its labels", () => {
    const { metadata, ...rest } = failedAt("b", EARLY);
    const bare = { metadata: { name: metadata.name }, ...rest };
    const run = aRun({ childReferences: [{ name: metadata.name, pipelineTaskName: "b" }] });
    const cause = rootCause({ run, taskRuns: [bare], pods: [] });
    assert.deepEqual([cause?.taskName, cause?.taskIndex], ["b", 1]);
  });
});
