import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRunEvidence } from "../../test/support/a-run-evidence.ts";
import { anEndedStep, anInventedStep, aPod, aTaskRun, aWaitingContainer } from "../../test/support/a-task-run.ts";
import { isRecordedRunGone, recordedNames, recordedRun } from "../../test/support/recorded-run.ts";
import type { Pod } from "../api/core.ts";
import type { PipelineRun, TaskRun } from "../api/tekton.ts";
import { hasExecuted } from "./started.ts";

const { run } = recordedRun("cancelled-before-start");
const STARTED = "2026-11-21T12:00:05Z";
const LOST = { terminated: { exitCode: 137, reason: "ContainerStatusUnknown" } };
const EPOCH = "1970-01-01T00:00:00Z";

/** A run that says that it made this. */
function childOf(kind: string | undefined, name: string): PipelineRun {
  return { ...run, status: { ...run.status, childReferences: [{ ...(kind === undefined ? {} : { kind }), name }] } };
}

interface Case {
  readonly run?: PipelineRun;
  readonly taskRun?: TaskRun;
  readonly pod?: Pod;
  readonly lostPod?: Pod;
  readonly executed: boolean;
}

const cases: Readonly<Record<string, Case>> = {
  "nothing was made": { executed: false },
  "a step runs": {
    taskRun: aTaskRun({ steps: [{ name: "main", running: { startedAt: STARTED } }] }),
    executed: true,
  },
  "a step waits": {
    taskRun: aTaskRun({ steps: [{ name: "main", waiting: { reason: "PodInitializing" } }] }),
    executed: false,
  },
  "a step has ended": { taskRun: aTaskRun({ steps: [anEndedStep("main", 0)] }), executed: true },
  "a step was killed at the timeout": {
    taskRun: aTaskRun({ reason: "TaskRunTimeout", steps: [anInventedStep("main", "TaskRunTimeout", true)] }),
    executed: true,
  },
  "a step that never started was declared ended at the timeout": {
    taskRun: aTaskRun({ reason: "TaskRunTimeout", steps: [anInventedStep("main", "TaskRunTimeout", false)] }),
    executed: false,
  },
  "a step was cancelled in the second in which its TaskRun was made": {
    taskRun: aTaskRun({
      reason: "TaskRunCancelled",
      steps: [{ ...anInventedStep("main", "TaskRunCancelled", false), imageID: "example.com/action@sha256:1" }],
    }),
    executed: true,
  },
  "a container could not be started: its start is the epoch": {
    taskRun: aTaskRun({ steps: [anEndedStep("main", 128, { reason: "StartError", startedAt: EPOCH })] }),
    executed: false,
  },
  "the kubelet lost the container: it may have run": {
    taskRun: aTaskRun({ steps: [{ name: "main", terminated: { exitCode: 137, reason: "ContainerStatusUnknown" } }] }),
    executed: true,
  },
  "an earlier attempt ran, the last one didn't": {
    taskRun: aTaskRun({
      reason: "TaskRunTimeout",
      steps: [{ name: "main" }],
      retriesStatus: [{ steps: [anEndedStep("main", 3)] }],
    }),
    executed: true,
  },
  "only the pod knows that a step runs": {
    pod: aPod("a", { containerStatuses: [{ name: "step-main", state: { running: { startedAt: STARTED } } }] }),
    executed: true,
  },
  "only the pod knows that a step ended before": {
    pod: aPod("a", {
      containerStatuses: [{ name: "step-main", lastState: { terminated: { exitCode: 0, startedAt: STARTED } } }],
    }),
    executed: true,
  },
  "the run names a TaskRun that is gone: it may have run": { run: childOf("TaskRun", "run-fail"), executed: true },
  "the run names a TaskRun that is gone, beside another that never ran": {
    run: childOf("TaskRun", "run-lost"),
    taskRun: aTaskRun(),
    executed: true,
  },
  "the run names something that is gone and says no kind": { run: childOf(undefined, "run-fail"), executed: true },
  "the run names a TaskRun that is there and never ran": {
    run: childOf("TaskRun", "run-fail"),
    taskRun: aTaskRun(),
    executed: false,
  },
  "the run names a CustomRun that is gone: no step of ours": { run: childOf("CustomRun", "approval"), executed: false },
  "only a pod that is gone had been seen to run a step": {
    taskRun: aTaskRun({ reason: "TaskRunCancelled", steps: [{ name: "fail" }] }),
    lostPod: aPod("fail", { containerStatuses: [{ name: "step-main", state: { running: { startedAt: STARTED } } }] }),
    executed: true,
  },
  "a pod that is gone never ran: the kubelet calls what never started lost, too": {
    lostPod: aPod("fail", { containerStatuses: [{ name: "step-main", state: LOST, lastState: {} }] }),
    executed: false,
  },
  "a pod that is gone ran: the kubelet lost what had been running": {
    lostPod: aPod("fail", { containerStatuses: [{ name: "step-main", state: LOST, lastState: LOST }] }),
    executed: true,
  },
  "Tekton mirrors a lost container, of which the pod tells that it never ran": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [{ name: "main", ...LOST }] }),
    pod: aPod("fail", { containerStatuses: [{ name: "step-main", state: LOST }] }),
    executed: false,
  },
  "Tekton mirrors a lost container, and the pod was seen only before": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [{ name: "main", ...LOST }] }),
    lostPod: aPod("fail", { containerStatuses: [aWaitingContainer("step-main", "PodInitializing", "")] }),
    executed: true,
  },
  "only a sidecar and Tekton's own containers ran": {
    pod: aPod("a", {
      initContainerStatuses: [{ name: "prepare", state: { terminated: { exitCode: 0, startedAt: STARTED } } }],
      containerStatuses: [
        { name: "sidecar-db", state: { running: { startedAt: STARTED } } },
        aWaitingContainer("step-main", "ImagePullBackOff", ""),
      ],
    }),
    executed: false,
  },
};

describe("hasExecuted", () => {
  for (const [sentence, { run: made = run, taskRun, pod, lostPod, executed }] of Object.entries(cases)) {
    it(`${sentence}: ${executed ? "yes" : "no"}`, () => {
      const pods = { pods: pod ? [pod] : [], lostPods: lostPod ? [lostPod] : [] };
      assert.equal(hasExecuted(aRunEvidence({ run: made, taskRuns: taskRun ? [taskRun] : [], ...pods })), executed);
    });
  }
});

/** All other recorded runs had a step that ran. */
const neverRan: ReadonlySet<string> = new Set([
  "bundle-digest-unknown",
  "bundle-no-such-pipeline",
  "bundle-registry-down",
  "cancelled-before-start",
  "image-missing",
  "image-name-invalid",
  "param-missing",
  "param-wrong-type",
  "pending-then-started-pending",
  "quota-exceeded",
  "quota-exceeded-waiting",
  "serviceaccount-missing",
  "unschedulable",
  "unschedulable-waiting",
]);

describe("hasExecuted: recorded runs", () => {
  for (const name of recordedNames().filter((one) => !isRecordedRunGone(one))) {
    it(`${name}: ${neverRan.has(name) ? "no" : "yes"}`, () => {
      assert.equal(hasExecuted(recordedRun(name)), !neverRan.has(name));
    });
  }

  it("knows it from the TaskRuns alone, without any pod", () => {
    for (const name of recordedNames().filter((one) => !isRecordedRunGone(one))) {
      assert.equal(hasExecuted({ ...recordedRun(name), pods: [] }), !neverRan.has(name), name);
    }
  });
});
