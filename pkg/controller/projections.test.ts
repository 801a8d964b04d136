import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { recordedNames, recordedRun, isRecordedRunGone } from "../../test/support/recorded-run.ts";
import type { ObjectMeta } from "../api/meta.ts";
import { diagnose } from "../tekton/diagnose.ts";
import { progressOf } from "../tekton/progress.ts";
import { isDone } from "../tekton/run-state.ts";
import { stuck } from "../tekton/stuck.ts";
import { keepPipelineRun, keepPod, keepTaskRun, withoutManagedFields } from "./projections.ts";

const metadata = { name: "x", resourceVersion: "1", managedFields: [{ manager: "m" }] } as ObjectMeta;
const request = { workflowId: "w", version: "1", targetResource: "a/b/c", decidedAt: "2026-03-01T10:00:00Z" };

describe("what is kept of an object", () => {
  it("is everything but managedFields", () => {
    assert.deepEqual(withoutManagedFields({ metadata, spec: 1 }), {
      metadata: { name: "x", resourceVersion: "1" },
      spec: 1,
    });
  });
  it("is of a pipeline only the names of its tasks", () => {
    const tasks = [{ name: "a", taskSpec: { steps: [] } }];
    const run = keepPipelineRun({ metadata, spec: {}, status: { startTime: "t", pipelineSpec: { tasks } } });
    assert.deepEqual(run.status, { startTime: "t", pipelineSpec: { tasks: [{ name: "a" }], finally: [] } });
  });
  it("is of a run without a pipeline yet that there is none", () => {
    assert.deepEqual(keepPipelineRun({ metadata, spec: {}, status: { startTime: "t" } }).status, { startTime: "t" });
    assert.ok(!("status" in keepPipelineRun({ metadata, spec: {} })));
  });
  it("is of a TaskRun how it was cancelled and its status without the task", () => {
    const spec = { status: "TaskRunCancelled", statusMessage: "m", taskSpec: {} };
    const status = { podName: "p", taskSpec: { steps: [] } };
    const { metadata: _metadata, ...kept } = keepTaskRun({ metadata, spec, status });
    assert.deepEqual(kept, { spec: { status: "TaskRunCancelled", statusMessage: "m" }, status: { podName: "p" } });
  });
  it("is of a pod its identity and its status", () => {
    const pod = { metadata, spec: { containers: [] }, status: { phase: "Running" } };
    assert.deepEqual(keepPod(pod), { metadata: { name: "x", resourceVersion: "1" }, status: { phase: "Running" } });
  });
  it("is of a pod's annotations ours: a bundle may add any number of them", () => {
    const annotations = { "kubernaut.ai/execution": "a/b", "example.com/notes": "x".repeat(100_000) };
    const kept = keepPod({ metadata: { ...metadata, annotations } });
    assert.deepEqual(kept.metadata.annotations, { "kubernaut.ai/execution": "a/b" });
  });
  it("is less each time it is done again: nothing", () => {
    for (const name of recordedNames().filter((one) => !isRecordedRunGone(one))) {
      const { run, taskRuns, pods } = recordedRun(name);
      assert.deepEqual(keepPipelineRun(keepPipelineRun(run)), keepPipelineRun(run));
      for (const taskRun of taskRuns) assert.deepEqual(keepTaskRun(keepTaskRun(taskRun)), keepTaskRun(taskRun));
      for (const pod of pods) assert.deepEqual(keepPod(keepPod(pod)), keepPod(pod));
    }
  });

  for (const name of recordedNames().filter((one) => !isRecordedRunGone(one))) {
    it(`is all that the decisions about a recorded run need (${name})`, () => {
      const whole = recordedRun(name);
      const kept = {
        run: keepPipelineRun(whole.run),
        taskRuns: whole.taskRuns.map(keepTaskRun),
        pods: whole.pods.map(keepPod),
      };
      assert.deepEqual(progressOf(kept), progressOf(whole));
      assert.deepEqual(stuck(kept), stuck(whole));
      if (isDone(whole.run)) assert.deepEqual(diagnose(kept, request), diagnose(whole, request));
    });
  }
});
