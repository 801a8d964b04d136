import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPodEvent, aRunEvidence } from "../../test/support/a-run-evidence.ts";
import { aPod, aTaskRun, aWaitingContainer } from "../../test/support/a-task-run.ts";
import { isRecordedRunGone, recordedNames, recordedRun } from "../../test/support/recorded-run.ts";
import type { Pod, PodEvent } from "../api/core.ts";
import type { PipelineRun, TaskRun } from "../api/tekton.ts";
import { stuck } from "./stuck.ts";

const run: PipelineRun = { metadata: { name: "run" }, spec: {} };

interface Case {
  readonly taskRun: TaskRun;
  readonly pod?: Pod;
  readonly events?: readonly PodEvent[];
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
  "an image of one of Tekton's own containers": {
    taskRun: aTaskRun(),
    pod: aPod("fail", {
      phase: "Pending",
      initContainerStatuses: [aWaitingContainer("prepare", "ErrImagePull", "no")],
    }),
    stuck: ["ErrImagePull", "task fail: pod run-fail-pod, container prepare: no"],
  },
  "an image, with the cause that only a warning tells": {
    taskRun: aTaskRun(),
    pod: waitsFor("ImagePullBackOff", 'Back-off pulling image "x"'),
    events: [aPodEvent("Failed", 'Failed to pull image "x": not found'), aPodEvent("BackOff", "Back-off")],
    stuck: [
      "ImagePullBackOff",
      'task fail: pod run-fail-pod, container step-main: Back-off pulling image "x": Failed to pull image "x": not found',
    ],
  },
  "a ConfigMap that is to be mounted, which only a warning names": {
    taskRun: aTaskRun(),
    pod: waitsFor("PodInitializing", ""),
    events: [aPodEvent("FailedMount", 'configmap "gone" not found')],
    stuck: ["FailedMount", 'task fail: pod run-fail-pod: configmap "gone" not found'],
  },
  "a network for its pod": {
    taskRun: aTaskRun(),
    pod: waitsFor("ContainerCreating", ""),
    events: [aPodEvent("FailedCreatePodSandBox", "no network")],
    stuck: ["FailedCreatePodSandBox", "task fail: pod run-fail-pod: no network"],
  },
  "what the latest warning says": {
    taskRun: aTaskRun(),
    pod: waitsFor("ContainerCreating", ""),
    events: [
      aPodEvent("FailedMount", "later", "fail", { at: "2026-11-21T12:00:09.5Z" }),
      aPodEvent("FailedMount", "earlier"),
    ],
    stuck: ["FailedMount", "task fail: pod run-fail-pod: later"],
  },
  "nothing: the warning is about a pod of that name that was there before": {
    taskRun: aTaskRun(),
    pod: waitsFor("ContainerCreating", ""),
    events: [aPodEvent("FailedMount", "x", "fail", { podUid: "other" })],
  },
  "nothing: the warning is of no weight": {
    taskRun: aTaskRun(),
    pod: waitsFor("ContainerCreating", ""),
    events: [aPodEvent("FailedMount", "failed to sync configmap cache: timed out"), aPodEvent("Unhealthy", "probe")],
  },
  "nothing: the pod was made before Tekton wrote its name, and runs": {
    taskRun: { ...aTaskRun(), status: {} },
    pod: aPod("fail", { phase: "Running" }, { labels: { "tekton.dev/taskRun": "run-fail" } }),
  },
  "an image, before Tekton wrote down the pod's name": {
    taskRun: { ...aTaskRun(), status: {} },
    pod: aPod("fail", waitsFor("ErrImagePull", "no").status, { labels: { "tekton.dev/taskRun": "run-fail" } }),
    stuck: ["ErrImagePull", "task fail: pod run-fail-pod, container step-main: no"],
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
  for (const [sentence, { taskRun, pod, events = [], stuck: expected }] of Object.entries(cases)) {
    it(sentence, () => {
      const found = stuck(aRunEvidence({ run, taskRuns: [taskRun], pods: pod ? [pod] : [], events }));
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
