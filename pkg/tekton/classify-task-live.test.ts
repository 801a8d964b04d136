import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPodEvent, aRunEvidence } from "../../test/support/a-run-evidence.ts";
import { anEndedStep, anInventedStep, aPod, aTaskRun, aWaitingContainer } from "../../test/support/a-task-run.ts";
import type { Pod, PodEvent } from "../api/core.ts";
import type { TaskRun } from "../api/tekton.ts";
import { classifyTask } from "./classify-task.ts";
import { failedStep } from "./failed-step.ts";
import { failedTask } from "./failed-task.ts";

const BY_TIMED_OUT_RUN = "TaskRun cancelled as the PipelineRun it belongs to has timed out.";

interface Case {
  readonly taskRun: TaskRun;
  readonly pod?: Pod;
  readonly lostPod?: Pod;
  readonly events?: readonly PodEvent[];
  readonly is: string;
  /** Step to blame and its exit code. */
  readonly step?: readonly [name: string, exitCode?: number];
}

const quietPod = aPod("fail", { phase: "Failed" });
function deletedAt(deletionTimestamp: string, deletionGracePeriodSeconds: number): Pod {
  const metadata = { name: "run-fail-pod", deletionTimestamp, deletionGracePeriodSeconds };
  return { metadata, status: { phase: "Failed" } };
}

const timedOut = aTaskRun({ reason: "TaskRunCancelled", statusMessage: BY_TIMED_OUT_RUN, steps: [{ name: "main" }] });
const initRunning = [{ name: "prepare", state: { running: { startedAt: "2026-11-21T12:00:02Z" } } }];
const lost = { terminated: { exitCode: 137, reason: "ContainerStatusUnknown" } };

/** What only the pod as it was last seen tells, or the warnings about it. */
const cases: Readonly<Record<string, Case>> = {
  "time was up while the image could not be pulled": {
    taskRun: timedOut,
    lostPod: aPod("fail", {
      containerStatuses: [aWaitingContainer("step-main", "ImagePullBackOff", "Back-off pulling image")],
    }),
    is: "ImagePullBackOff certain",
    step: ["main"],
  },
  "time was up while the image could not be pulled, of which only a warning is left": {
    taskRun: timedOut,
    events: [aPodEvent("Failed", 'Failed to pull image "x": 401 Unauthorized')],
    is: "ImagePullBackOff likely",
  },
  "time was up while the image could not be pulled, after Tekton's own containers had run; the pod is overwritten": {
    taskRun: timedOut,
    lostPod: aPod("fail", {
      initContainerStatuses: initRunning,
      containerStatuses: [{ name: "step-main", state: lost }],
    }),
    events: [aPodEvent("Failed", 'Failed to pull image "x": not found')],
    is: "ImagePullBackOff likely",
    step: ["main"],
  },
  "time was up while no node had room": {
    taskRun: timedOut,
    lostPod: aPod("fail", {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "1 Insufficient cpu" }],
    }),
    is: "ResourceExhausted certain",
  },
  "time was up while no node had room, of which only a warning is left": {
    taskRun: timedOut,
    events: [aPodEvent("FailedScheduling", "0/1 nodes are available: 1 Insufficient cpu.")],
    is: "ResourceExhausted likely",
  },
  "time was up while a volume claim was missing": {
    taskRun: timedOut,
    events: [aPodEvent("FailedScheduling", 'persistentvolumeclaim "data" not found')],
    is: "ConfigurationError likely",
  },
  "time was up while a ConfigMap that is to be mounted was missing: only a warning names it": {
    taskRun: timedOut,
    lostPod: aPod("fail", { phase: "Pending", initContainerStatuses: [aWaitingContainer("prepare", "", "")] }),
    events: [aPodEvent("FailedMount", 'MountVolume.SetUp failed for volume "v" : configmap "gone" not found')],
    is: "ConfigurationError likely",
  },
  "time was up, and the kubelet had heard of the ConfigMap only after a moment": {
    taskRun: timedOut,
    events: [
      aPodEvent("FailedMount", 'MountVolume.SetUp failed : failed to sync configmap cache: timed out "x" not found'),
    ],
    is: "DeadlineExceeded certain",
  },
  "time was up, and a volume had not been there at first": {
    taskRun: timedOut,
    lostPod: aPod("fail", { phase: "Pending", initContainerStatuses: initRunning }),
    events: [aPodEvent("FailedMount", 'MountVolume.SetUp failed for volume "v" : configmap "late" not found')],
    is: "DeadlineExceeded certain",
  },
  "time was up while the network of the pod could not be set up": {
    taskRun: timedOut,
    events: [aPodEvent("FailedCreatePodSandBox", "plugin type=bridge failed")],
    is: "DeadlineExceeded certain",
  },
  "time was up for a step that ran, after warnings about another pod of that name": {
    taskRun: aTaskRun({ reason: "TaskRunTimeout", steps: [anInventedStep("main", "TaskRunTimeout", true)] }),
    lostPod: aPod("fail", { phase: "Running" }),
    events: [aPodEvent("FailedScheduling", "1 Insufficient cpu", "fail", { podUid: "other" })],
    is: "DeadlineExceeded certain",
    step: ["main"],
  },
  "time was up for a step that ran, after its pod, which is gone, had waited for a node": {
    taskRun: aTaskRun({ reason: "TaskRunTimeout", steps: [anInventedStep("main", "TaskRunTimeout", true)] }),
    events: [aPodEvent("FailedScheduling", "1 Insufficient cpu")],
    is: "DeadlineExceeded certain",
    step: ["main"],
  },
  "time was up before Tekton wrote down that the step runs": {
    taskRun: timedOut,
    lostPod: aPod("fail", {
      containerStatuses: [{ name: "step-main", state: { running: { startedAt: "2026-11-21T12:00:05Z" } } }],
    }),
    is: "DeadlineExceeded certain",
    step: ["main"],
  },
  "a pod that is being deleted": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [anEndedStep("main", 255)] }),
    pod: aPod("fail", { phase: "Failed" }, { deletionTimestamp: "2026-11-21T12:00:08Z" }),
    is: "Interrupted certain",
    step: ["main", 255],
  },
  "a pod that is being deleted after its step failed by itself": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [anEndedStep("main", 2)] }),
    pod: deletedAt("2026-11-21T12:00:40Z", 30),
    is: "TaskFailed certain",
    step: ["main", 2],
  },
  "a pod whose deletion was asked for before its step ended, with any exit code": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [anEndedStep("main", 2)] }),
    pod: deletedAt("2026-11-21T12:00:38Z", 30),
    is: "Interrupted certain",
    step: ["main", 2],
  },
  "a pod that was deleted while it lived, nobody knows any more when": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [anEndedStep("main", 2)] }),
    pod: deletedAt("2026-11-21T12:00:10Z", 0),
    is: "Interrupted likely",
    step: ["main", 2],
  },
  "a pod that was seen being deleted and is gone now": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [anEndedStep("main", 255)] }),
    lostPod: aPod("fail", { phase: "Failed" }, { deletionTimestamp: "2026-11-21T12:00:08Z" }),
    is: "Interrupted certain",
    step: ["main", 255],
  },
  "a pod that is gone, nobody saw how": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [anEndedStep("main", 255)] }),
    lostPod: aPod("fail", { phase: "Running" }),
    is: "Interrupted likely",
    step: ["main", 255],
  },
  "a node that didn't answer any more, which only a warning tells": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [anEndedStep("main", 137)] }),
    pod: quietPod,
    events: [aPodEvent("NodeNotReady", "Node is not ready")],
    is: "Interrupted likely",
    step: ["main", 137],
  },
  "a node that didn't answer for a while is no reason for a step that failed by itself": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [anEndedStep("main", 2)] }),
    pod: quietPod,
    events: [aPodEvent("NodeNotReady", "Node is not ready")],
    is: "TaskFailed certain",
    step: ["main", 2],
  },
  "a pod that was thrown off its node, which only a warning tells": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [anEndedStep("main", 255)] }),
    events: [aPodEvent("Evicted", "The node was low on resource: memory.")],
    is: "ResourceExhausted likely",
    step: ["main", 255],
  },
  "a pod that its node had no room for": {
    taskRun: aTaskRun({ reason: "Failed" }),
    pod: aPod("fail", { phase: "Failed", reason: "OutOfcpu", message: "Node didn't have enough resource: cpu" }),
    is: "ResourceExhausted certain",
  },
  "an evicted pod, of whose step Tekton says only that it waits": {
    taskRun: aTaskRun({ reason: "PodEvicted", steps: [{ name: "main", waiting: { reason: "PodInitializing" } }] }),
    pod: aPod("fail", { phase: "Failed", reason: "Evicted", containerStatuses: [{ name: "step-main", state: lost }] }),
    is: "ResourceExhausted certain",
    step: ["main"],
  },
  "an evicted pod, of whose step Tekton says only that it runs": {
    taskRun: aTaskRun({
      reason: "PodEvicted",
      steps: [anEndedStep("one", 0), { name: "two", running: { startedAt: "2026-11-21T12:00:05Z" } }],
    }),
    is: "ResourceExhausted certain",
    step: ["two"],
  },
  "a sidecar that was killed for its memory": {
    taskRun: aTaskRun({
      reason: "SidecarOOM",
      steps: [anEndedStep("main", 1)],
      sidecars: [anEndedStep("db", 137, { reason: "OOMKilled" })],
    }),
    is: "OOMKilled certain",
    step: ["main", 1],
  },
  "one of Tekton's own init containers that was killed for its memory": {
    taskRun: aTaskRun({ reason: "InitContainerOOM", message: 'init container failed, "prepare" exited with code 137' }),
    is: "OOMKilled certain",
  },
  "a step that was killed for its memory, whose failure the task ignores, before another failed": {
    taskRun: aTaskRun({
      reason: "StepFailed",
      steps: [anEndedStep("one", 137, { reason: "OOMKilled", terminationReason: "Continued" }), anEndedStep("two", 3)],
    }),
    pod: aPod("fail", {
      phase: "Failed",
      containerStatuses: [{ name: "step-one", state: { terminated: { exitCode: 137, reason: "OOMKilled" } } }],
    }),
    is: "TaskFailed certain",
    step: ["two", 3],
  },
  "a pod that somebody's admission webhook refuses": {
    taskRun: aTaskRun({
      reason: "PodCreationFailed",
      message: 'failed to create task run pod "x": admission webhook "policy.example" denied the request: no root',
    }),
    is: "Forbidden likely",
  },
  "a pod that Tekton may not create": {
    taskRun: aTaskRun({
      reason: "PodCreationFailed",
      message: 'pods is forbidden: User "tekton" cannot create resource "pods" in API group ""',
    }),
    is: "Forbidden likely",
  },
};

describe("classifyTask: with what was seen while it lived", () => {
  for (const [sentence, { taskRun, pod, lostPod, events = [], is, step }] of Object.entries(cases)) {
    it(sentence, () => {
      const lostPods = lostPod === undefined ? [] : [lostPod];
      const task = failedTask(aRunEvidence({ pods: pod === undefined ? [] : [pod], lostPods, events }), taskRun);
      const { reason, confidence } = classifyTask(task);
      const found = failedStep(task);
      assert.equal(`${reason} ${confidence}`, is);
      assert.deepEqual([found?.name, found?.exitCode], [step?.[0], step?.[1]]);
    });
  }
});
