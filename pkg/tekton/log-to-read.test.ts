import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRunEvidence, type EvidenceWishes } from "../../test/support/a-run-evidence.ts";
import { anEndedStep, anInventedStep, aPod, aTaskRun, aWaitingContainer } from "../../test/support/a-task-run.ts";
import { liveRun } from "../../test/support/recorded-live-run.ts";
import { recordedRun } from "../../test/support/recorded-run.ts";
import type { ContainerStatus, Pod } from "../api/core.ts";
import { logToRead } from "./log-to-read.ts";
import type { StepLog } from "./run-evidence.ts";

const STARTED = "2026-11-21T12:00:05Z";
const deleting = { deletionTimestamp: "2026-11-21T12:01:00Z" };

function ended(name: string, exitCode: number): ContainerStatus {
  return { name, state: { terminated: { exitCode, reason: "Error", startedAt: STARTED } } };
}

function running(name: string): ContainerStatus {
  return { name, state: { running: { startedAt: STARTED } } };
}

function podOf(containerStatuses: readonly ContainerStatus[], more: Partial<Pod["metadata"]> = {}): Pod {
  return aPod("fail", { containerStatuses }, { namespace: "workflows", ...more });
}

function aLog(container: string, text = "said"): StepLog {
  return { podUid: "uid-of-pod-of-fail", podName: "run-fail-pod", container, text };
}

const failed = aTaskRun({
  reason: "StepFailed",
  steps: [anEndedStep("one", 0), anEndedStep("two", 3), anEndedStep("three", 1, { terminationReason: "Skipped" })],
});
const ends = [ended("step-one", 0), ended("step-three", 1), ended("step-two", 3)];
const live = aTaskRun({ steps: [{ name: "one", ...ended("", 0).state }, { name: "two" }] });

const cases: Readonly<Record<string, readonly [wishes: EvidenceWishes, container: string | undefined]>> = {
  "the step to blame": [{ taskRuns: [failed], pods: [podOf(ends)] }, "step-two"],
  "nothing where that was read": [{ taskRuns: [failed], pods: [podOf(ends)], logs: [aLog("step-two")] }, undefined],
  "nothing where that could not be read": [
    { taskRuns: [failed], pods: [podOf(ends)], logs: [aLog("step-two", "")] },
    undefined,
  ],
  "the step to blame, though another was read": [
    { taskRuns: [failed], pods: [podOf(ends)], logs: [aLog("step-one")] },
    "step-two",
  ],
  "nothing more after four": [
    { taskRuns: [failed], pods: [podOf(ends)], logs: ["a", "b", "c", "d"].map((name) => aLog(name)) },
    undefined,
  ],
  "nothing where its pod is gone": [{ taskRuns: [failed], lostPods: [podOf(ends)] }, undefined],
  "nothing where the pod was made again since": [
    { taskRuns: [failed], pods: [podOf([aWaitingContainer("step-two", "PodInitializing", "")])] },
    undefined,
  ],
  "the sidecar that failed": [
    {
      taskRuns: [aTaskRun({ reason: "SidecarFailed", sidecars: [anEndedStep("db", 2)] })],
      pods: [podOf([ended("sidecar-db", 2)])],
    },
    "sidecar-db",
  ],
  "one of Tekton's own containers that failed": [
    {
      taskRuns: [aTaskRun({ reason: "InitContainerFailed", steps: [{ name: "one" }] })],
      pods: [aPod("fail", { initContainerStatuses: [ended("prepare", 0), ended("place-scripts", 1)] })],
    },
    "place-scripts",
  ],
  "nothing of a container that never started": [
    {
      taskRuns: [
        aTaskRun({ reason: "TaskRunImagePullFailed", steps: [anInventedStep("one", "TaskRunImagePullFailed", false)] }),
      ],
      pods: [podOf([aWaitingContainer("step-one", "ImagePullBackOff", "")])],
    },
    undefined,
  ],
  "nothing of a container that its node has lost": [
    {
      taskRuns: [aTaskRun({ reason: "PodEvicted", steps: [{ name: "one" }] })],
      pods: [
        podOf([
          {
            name: "step-one",
            state: { terminated: { exitCode: 137, reason: "ContainerStatusUnknown" } },
            lastState: { terminated: { exitCode: 137, reason: "ContainerStatusUnknown" } },
          },
        ]),
      ],
    },
    undefined,
  ],
  "the step that runs in a pod that is being deleted": [
    { taskRuns: [live], pods: [podOf([ended("step-one", 0), running("step-two")], deleting)] },
    "step-two",
  ],
  "the step that the deletion has killed": [
    { taskRuns: [live], pods: [podOf([ended("step-one", 0), ended("step-two", 255)], deleting)] },
    "step-two",
  ],
  "a step that Tekton doesn't know yet, in a pod that is being deleted": [
    { taskRuns: [{ ...live, status: {} }], pods: [podOf([running("step-one")], deleting)] },
    "step-one",
  ],
  "nothing of a pod that is being deleted before any step started": [
    { taskRuns: [live], pods: [podOf([aWaitingContainer("step-one", "PodInitializing", "")], deleting)] },
    undefined,
  ],
  "nothing of a pod that is being deleted after all steps ended well": [
    { taskRuns: [live], pods: [podOf([ended("step-one", 0), ended("step-two", 0)], deleting)] },
    undefined,
  ],
  "nothing while a step runs undisturbed": [
    { taskRuns: [live], pods: [podOf([ended("step-one", 0), running("step-two")])] },
    undefined,
  ],
  "nothing where nothing is": [{}, undefined],
};

describe("logToRead is the log of", () => {
  for (const [sentence, [wishes, container]] of Object.entries(cases)) {
    it(sentence, () => {
      assert.equal(logToRead(aRunEvidence(wishes))?.container, container);
    });
  }

  it("a container of exactly that pod", () => {
    const found = logToRead(aRunEvidence({ taskRuns: [failed], pods: [podOf(ends)] }));
    const pod = { namespace: "workflows", name: "run-fail-pod", uid: "uid-of-pod-of-fail" };
    assert.deepEqual(found, { pod, container: "step-two" });
  });

  it("the step to blame in a recorded run, of the last attempt, and nothing where all went well", () => {
    assert.equal(logToRead(recordedRun("rbac-forbidden"))?.container, "step-main");
    assert.equal(logToRead(recordedRun("exit-three-retried"))?.pod.name, "run-fail-pod-retry1");
    assert.equal(logToRead(recordedRun("succeeded")), undefined);
  });

  it("the init container that failed in a run that was watched", () => {
    assert.equal(logToRead(liveRun("init-container-fails"))?.container, "working-dir-initializer");
  });
});
