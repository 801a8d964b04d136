import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPod, aTaskRun, aWaitingContainer } from "../../test/support/a-task-run.ts";
import { isRecordedRunGone, recordedNames, recordedRun } from "../../test/support/recorded-run.ts";
import type { Pod } from "../api/core.ts";
import type { PipelineRun, TaskRun } from "../api/tekton.ts";
import { stuck } from "./stuck.ts";

const run: PipelineRun = { metadata: { name: "run" }, spec: {} };

interface Case {
  readonly taskRun: TaskRun;
  readonly pod?: Pod;
  readonly stuck?: readonly [reason: string, message: string];
}

function waitsFor(reason: string, message: string): Pod {
  return aPod("fail", { phase: "Pending", containerStatuses: [aWaitingContainer("step-main", reason, message)] });
}

const cases: Readonly<Record<string, Case>> = {
  "an image that can't be pulled": {
    taskRun: aTaskRun({ reason: "PullImageFailed", status: "Unknown" }),
    pod: waitsFor("ImagePullBackOff", "Back-off pulling image"),
    stuck: ["ImagePullBackOff", "task fail: pod run-fail-pod, container step-main: Back-off pulling image"],
  },
  "a Secret that isn't there": {
    taskRun: aTaskRun(),
    pod: waitsFor("CreateContainerConfigError", 'secret "gone" not found'),
    stuck: ["CreateContainerConfigError", 'task fail: pod run-fail-pod, container step-main: secret "gone" not found'],
  },
  "a pod that no node takes, for whatever reason": {
    taskRun: aTaskRun({ reason: "Pending", status: "Unknown" }),
    pod: aPod("fail", {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "unbound claims" }],
    }),
    stuck: ["Unschedulable", "task fail: pod run-fail-pod: unbound claims"],
  },
  "quota, where there is no pod": {
    taskRun: aTaskRun({ reason: "ExceededResourceQuota", status: "Unknown", message: "exceeded quota: q" }),
    stuck: ["ExceededResourceQuota", "task fail: exceeded quota: q"],
  },
  "nothing: its containers are being made": { taskRun: aTaskRun(), pod: waitsFor("ContainerCreating", "") },
  "nothing: it runs": { taskRun: aTaskRun(), pod: aPod("fail", { phase: "Running" }) },
  "nothing: the pod that could not start is being deleted": {
    taskRun: aTaskRun(),
    pod: aPod("fail", waitsFor("ImagePullBackOff", "").status, { deletionTimestamp: "2026-11-21T12:00:00Z" }),
  },
  "nothing: the task has ended": {
    taskRun: aTaskRun({ reason: "StepFailed" }),
    pod: waitsFor("CreateContainerConfigError", ""),
  },
};

describe("stuck: a running run waits for", () => {
  for (const [sentence, { taskRun, pod, stuck: expected }] of Object.entries(cases)) {
    it(sentence, () => {
      const found = stuck({ run, taskRuns: [taskRun], pods: pod ? [pod] : [] });
      assert.deepEqual(found && [found.reason, found.message], expected);
    });
  }

  it("nothing any more when it has ended", () => {
    const conditions = [{ type: "Succeeded", status: "False", reason: "Cancelled" }] as const;
    const taskRun = aTaskRun({ reason: "ExceededResourceQuota", status: "Unknown" });
    assert.equal(stuck({ run: { ...run, status: { conditions } }, taskRuns: [taskRun], pods: [] }), undefined);
  });

  it("nothing of the recorded runs but quota and nodes", () => {
    const names = recordedNames().filter((name) => !isRecordedRunGone(name) && stuck(recordedRun(name)) !== undefined);
    assert.deepEqual(names.toSorted(), ["quota-exceeded-waiting", "unschedulable-waiting"]);
  });

  it("removes secrets from what the pod says", () => {
    const pod = waitsFor("ErrImagePull", "Get https://user:hunter2@registry.example/v2/");
    assert.doesNotMatch(stuck({ run, taskRuns: [aTaskRun()], pods: [pod] })?.message ?? "", /hunter2/);
  });
});
