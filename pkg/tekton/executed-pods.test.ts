import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { aRunEvidence } from "../../test/support/a-run-evidence.ts";
import { anEndedStep, anInventedStep, aPod, aTaskRun } from "../../test/support/a-task-run.ts";
import { generatedEvidence } from "../../test/support/generated-evidence.ts";
import { recordedRun } from "../../test/support/recorded-run.ts";
import type { Pod } from "../api/core.ts";
import { executedPods } from "./executed-pods.ts";
import { hasExecuted } from "./started.ts";

const image = "registry.example/tools/shell@sha256:c3dc";
const otherImage = "registry.example/tools/kubectl@sha256:f668";
const running = { running: { startedAt: "2026-11-21T12:00:05Z" } };
const waiting = { waiting: { reason: "PodInitializing" } };
const labels = { "tekton.dev/pipelineTask": "fail" };
const action = "127.0.0.1:5000/lab/action@sha256:f6680eaf56e83eac28e007b14dec8202f76a4030900024571f32adba1c3d68fa";

function podOf(uid: string, minute: number, containers: NonNullable<Pod["status"]>["containerStatuses"] = []): Pod {
  const creationTimestamp = `2026-11-21T12:0${String(minute)}:00Z`;
  return aPod("fail", { containerStatuses: containers }, { uid, labels, creationTimestamp });
}

describe("the pods in which steps of a run ran", () => {
  it("are those of the recorded run of two tasks, with uid and image", () => {
    assert.deepEqual(executedPods(recordedRun("succeeded")), [
      {
        task: "patch",
        pod: "run-patch-pod",
        podUid: "0d46ff9a-f758-41bc-aff8-0329dc3d3012",
        steps: [{ step: "main", image: action }],
      },
      {
        task: "verify",
        pod: "run-verify-pod",
        podUid: "35c596f5-7a98-40e2-81b1-a69a39309079",
        steps: [{ step: "main", image: action }],
      },
    ]);
  });

  it("are those of every attempt at a task that Tekton tried again", () => {
    const pods = executedPods(recordedRun("exit-three-retried"));
    assert.deepEqual(
      pods.map(({ pod, podUid }) => [pod, podUid]),
      [
        ["run-fail-pod", "0180f82f-a272-4a24-aeae-b17340a02697"],
        ["run-fail-pod-retry1", "2f41fdfc-6360-4acb-a3bd-7891c51876aa"],
      ],
    );
    for (const { steps } of pods) {
      assert.deepEqual(steps, [
        { step: "first", image: action },
        { step: "second", image: action },
      ]);
    }
  });

  it("have no uid where Tekton had deleted the pod before anybody saw it", () => {
    assert.deepEqual(executedPods(recordedRun("cancelled")), [
      { task: "slow", pod: "run-slow-pod", steps: [{ step: "main", image: action }] },
    ]);
  });

  it("have their uid where somebody saw the pod before it was deleted", () => {
    const { taskRuns } = recordedRun("cancelled");
    const lost: Pod = { metadata: { name: "run-slow-pod", uid: "seen" }, status: {} };
    const live = { lostPods: [lost], events: [], logs: [] };
    assert.deepEqual(executedPods({ taskRuns, pods: [], live }), [
      { task: "slow", pod: "run-slow-pod", podUid: "seen", steps: [{ step: "main", image: action }] },
    ]);
  });

  const silent = [
    "cancelled-before-start",
    "image-missing",
    "unschedulable",
    "param-missing",
    "serviceaccount-missing",
  ];
  for (const name of silent) {
    it(`are none in the recorded run ${name}, where nothing ran`, () => {
      assert.deepEqual(executedPods(recordedRun(name)), []);
    });
  }

  it("are those that were deleted by force and made again, each with what ran in it", () => {
    const first = podOf("first", 1, [{ name: "step-a", imageID: image, state: running }]);
    const second = podOf("second", 2, [{ name: "step-a", imageID: image, state: running }]);
    const taskRuns = [aTaskRun({ steps: [{ ...anEndedStep("a", 0), imageID: image }, anEndedStep("b", 0)] })];
    const pods = executedPods(aRunEvidence({ taskRuns, pods: [second], lostPods: [first] }));
    assert.deepEqual(
      pods.map(({ podUid, steps }) => [podUid, steps.map(({ step }) => step)]),
      [
        ["first", ["a"]],
        ["second", ["a", "b"]],
      ],
    );
  });

  it("are known by themselves where their TaskRun is gone", () => {
    const pods = [podOf("one", 1, [{ name: "step-a", imageID: image, state: running }])];
    assert.deepEqual(executedPods(aRunEvidence({ pods })), [
      { task: "fail", pod: "run-fail-pod", podUid: "one", steps: [{ step: "a", image }] },
    ]);
  });

  it("have no step whose container was not started, and no sidecar", () => {
    const pods = [
      podOf("one", 1, [
        { name: "step-a", imageID: image, state: running },
        { name: "step-b", state: waiting },
        { name: "sidecar-c", imageID: image, state: running },
      ]),
    ];
    const taskRuns = [
      aTaskRun({ reason: "TaskRunCancelled", steps: [anInventedStep("b", "TaskRunCancelled", false)] }),
    ];
    const [only] = executedPods(aRunEvidence({ pods, taskRuns }));
    assert.deepEqual(only?.steps, [{ step: "a", image }]);
  });

  it("take the image from the pod where the status has none, and from the status where both have one", () => {
    const containers = [
      { name: "step-a", imageID: otherImage, state: running },
      { name: "step-b", imageID: otherImage, state: running },
    ];
    const steps = [{ ...anEndedStep("a", 0), imageID: image }, anEndedStep("b", 0)];
    const [only] = executedPods(aRunEvidence({ pods: [podOf("one", 1, containers)], taskRuns: [aTaskRun({ steps })] }));
    assert.deepEqual(only?.steps, [
      { step: "a", image },
      { step: "b", image: otherImage },
    ]);
  });

  it("have image ids without the scheme of the container runtime, and keep a registry's port", () => {
    const steps = [{ ...anEndedStep("a", 0), imageID: "docker-pullable://localhost:5000/tools/shell@sha256:c3dc" }];
    const [only] = executedPods(aRunEvidence({ taskRuns: [aTaskRun({ steps })] }));
    assert.deepEqual(only?.steps, [{ step: "a", image: "localhost:5000/tools/shell@sha256:c3dc" }]);
  });

  it("are never any in a run that counts as not executed", () => {
    fc.assert(
      fc.property(generatedEvidence, (evidence) => {
        if (executedPods(evidence).length > 0) assert.ok(hasExecuted(evidence));
      }),
      { numRuns: 2000 },
    );
  });
});
