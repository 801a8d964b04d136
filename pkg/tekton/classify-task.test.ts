import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRunEvidence } from "../../test/support/a-run-evidence.ts";
import { anEndedStep, anInventedStep, aPod, aTaskRun, aWaitingContainer } from "../../test/support/a-task-run.ts";
import type { Pod } from "../api/core.ts";
import type { TaskRun } from "../api/tekton.ts";
import { classifyTask } from "./classify-task.ts";
import { failedTask } from "./failed-task.ts";
import { failedStep } from "./failed-step.ts";

const BY_CANCELLED_RUN = "TaskRun cancelled as the PipelineRun it belongs to has been cancelled.";
const BY_TIMED_OUT_RUN = "TaskRun cancelled as the PipelineRun it belongs to has timed out.";
const REGISTRY = "Get https://registry.example/v2/";

interface Case {
  readonly taskRun: TaskRun;
  readonly pod?: Pod;
  readonly is: string;
  /** Step to blame and its exit code. */
  readonly step?: readonly [name: string, exitCode?: number];
}

/** A pod that is still there, with nothing to say: it wasn't taken away. */
const quietPod = aPod("fail", { phase: "Failed" });

/** Facts of failures.md sections 2 and 3 that no recorded run shows. */
const cases: Readonly<Record<string, Case>> = {
  "a TaskRun that was cancelled with its run": {
    taskRun: aTaskRun({ reason: "TaskRunCancelled", statusMessage: BY_CANCELLED_RUN }),
    is: "Cancelled certain",
  },
  "a TaskRun that somebody cancelled alone": {
    taskRun: aTaskRun({ reason: "TaskRunCancelled", statusMessage: "" }),
    is: "Cancelled certain",
  },
  "a TaskRun that was cancelled alone, whatever had happened to a step before": {
    taskRun: aTaskRun({
      reason: "TaskRunCancelled",
      statusMessage: "",
      steps: [anEndedStep("main", 0, { reason: "OOMKilled" })],
    }),
    is: "Cancelled certain",
    step: ["main", 0],
  },
  "a TaskRun that was stopped because its run was out of time": {
    taskRun: aTaskRun({
      reason: "TaskRunCancelled",
      statusMessage: BY_TIMED_OUT_RUN,
      steps: [anEndedStep("one", 0), anInventedStep("two", "TaskRunCancelled", true)],
    }),
    is: "DeadlineExceeded certain",
    step: ["two"],
  },
  "a child of the step that was killed for its memory, the script went on (exit code 0)": {
    taskRun: aTaskRun({ reason: "StepOOM", steps: [anEndedStep("main", 0, { reason: "OOMKilled" })] }),
    is: "OOMKilled certain",
    step: ["main", 0],
  },
  "an OOM that Tekton before 1.12 calls Failed": {
    taskRun: aTaskRun({ reason: "Failed", steps: [anEndedStep("main", 255, { reason: "OOMKilled" })] }),
    is: "OOMKilled certain",
    step: ["main", 255],
  },
  "an OOM in one of Tekton's own init containers, which only the pod shows": {
    taskRun: aTaskRun({ reason: "Failed" }),
    pod: aPod("fail", {
      phase: "Failed",
      initContainerStatuses: [{ name: "prepare", state: { terminated: { exitCode: 137, reason: "OOMKilled" } } }],
    }),
    is: "OOMKilled certain",
  },
  "exit code 137 alone is no proof of an OOM": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [anEndedStep("main", 137)] }),
    pod: quietPod,
    is: "TaskFailed certain",
    step: ["main", 137],
  },
  "no room left on the device is not an OOM, though its words contain one": {
    taskRun: aTaskRun({ reason: "StepFailed", message: "no room left: oom", steps: [anEndedStep("main", 1)] }),
    pod: quietPod,
    is: "TaskFailed certain",
    step: ["main", 1],
  },
  "a step that exceeded its own timeout": {
    taskRun: aTaskRun({
      reason: "StepFailed",
      steps: [anEndedStep("main", 1, { terminationReason: "TimeoutExceeded" })],
    }),
    is: "DeadlineExceeded certain",
    step: ["main", 1],
  },
  "a pod that exceeded its deadline": {
    taskRun: aTaskRun({ reason: "Failed", message: "" }),
    pod: aPod("fail", { phase: "Failed", reason: "DeadlineExceeded", message: "Pod was active on the node too long" }),
    is: "DeadlineExceeded certain",
  },
  "a TaskRun whose time was up before its step started": {
    taskRun: aTaskRun({ reason: "TaskRunTimeout", steps: [anInventedStep("main", "TaskRunTimeout", false)] }),
    is: "DeadlineExceeded certain",
  },
  "a TaskRun that waited for quota until its own timeout": {
    taskRun: aTaskRun({
      reason: "TaskRunTimeout",
      message: 'failed to finish within "1m"\nPrevious status: [ExceededResourceQuota] exceeded quota: q',
    }),
    is: "ResourceExhausted certain",
  },
  "a TaskRun that waited for an image until its own timeout": {
    taskRun: aTaskRun({
      reason: "TaskRunTimeout",
      message: 'failed to finish within "1m"\nPrevious status: [PullImageFailed] pending with reason "Back-off"',
    }),
    is: "ImagePullBackOff certain",
  },
  "a TaskRun that waited for a volume until its own timeout": {
    taskRun: aTaskRun({
      reason: "TaskRunTimeout",
      message: 'failed to finish within "1m"\nPrevious status: [Pending] unbound PersistentVolumeClaims',
    }),
    is: "DeadlineExceeded certain",
  },
  "the second step's image can't be pulled: Tekton names it only in the message": {
    taskRun: aTaskRun({
      reason: "TaskRunImagePullFailed",
      message: 'the step "two" in TaskRun "run-fail" failed to pull the image "".',
      steps: [
        anInventedStep("one", "TaskRunImagePullFailed", true),
        anInventedStep("two", "TaskRunImagePullFailed", false),
      ],
    }),
    is: "ImagePullBackOff certain",
    step: ["two"],
  },
  "the registry was asked for the entrypoint of a step without a command, in vain": {
    taskRun: aTaskRun({
      reason: "PodCreationFailed",
      message: `failed to create task run pod "x": ${REGISTRY}: dial tcp: i/o timeout. Maybe invalid TaskSpec`,
    }),
    is: "ImagePullBackOff likely",
  },
  "a pod that a LimitRange refuses": {
    taskRun: aTaskRun({
      reason: "PodCreationFailed",
      message:
        'pods "x" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi. Maybe invalid TaskSpec',
    }),
    is: "ConfigurationError certain",
  },
  "a pod that was preempted for a more important one": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [anEndedStep("main", 255)] }),
    pod: aPod("fail", {
      phase: "Failed",
      conditions: [{ type: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler" }],
    }),
    is: "ResourceExhausted certain",
    step: ["main", 255],
  },
  "a pod that admission refused": {
    taskRun: aTaskRun({ reason: "PodAdmissionFailed", message: "violates PodSecurity" }),
    is: "Forbidden certain",
  },
  "a task that isn't signed as it must be": {
    taskRun: aTaskRun({ reason: "ResourceVerificationFailed" }),
    is: "Forbidden certain",
  },
  "a task whose bundle the registry refuses": {
    taskRun: aTaskRun({
      reason: "TaskRunResolutionFailed",
      message: `${REGISTRY}: UNAUTHORIZED: authentication required`,
    }),
    is: "Forbidden likely",
  },
  "a task whose bundle can't be fetched now": {
    taskRun: aTaskRun({
      reason: "TaskRunResolutionFailed",
      message: `${REGISTRY}: unexpected status code 503 Service`,
    }),
    is: "ImagePullBackOff likely",
  },
  "a task whose bundle doesn't exist": {
    taskRun: aTaskRun({ reason: "TaskRunResolutionFailed", message: `${REGISTRY}: NAME_UNKNOWN: unknown repository` }),
    is: "ConfigurationError likely",
  },
  "a Secret that isn't there, which only the pod names": {
    taskRun: aTaskRun({
      reason: "CreateContainerConfigError",
      message: "Failed to create pod due to config error",
      steps: [{ name: "main", container: "step-main" }],
    }),
    pod: aPod("fail", {
      phase: "Pending",
      containerStatuses: [aWaitingContainer("step-main", "CreateContainerConfigError", 'secret "gone" not found')],
    }),
    is: "ConfigurationError certain",
    step: ["main"],
  },
  "a memory limit that is too low for the runtime": {
    taskRun: aTaskRun({
      reason: "StepFailed",
      steps: [anEndedStep("main", 128, { reason: "StartError", startedAt: "1970-01-01T00:00:00Z" })],
    }),
    pod: quietPod,
    is: "ConfigurationError certain",
    step: ["main", 128],
  },
  "a reason of a later Tekton for a mistake of the user": {
    taskRun: aTaskRun({ reason: "SomethingNew", message: "[User error] the task is wrong" }),
    is: "ConfigurationError likely",
  },
  "a pod that was evicted through the API": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [anEndedStep("main", 143)] }),
    pod: aPod("fail", {
      phase: "Failed",
      conditions: [{ type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI" }],
    }),
    is: "Interrupted certain",
    step: ["main", 143],
  },
  "a container that the kubelet lost": {
    taskRun: aTaskRun({
      reason: "StepFailed",
      steps: [{ name: "main", terminated: { exitCode: 137, reason: "ContainerStatusUnknown" } }],
    }),
    pod: quietPod,
    is: "Interrupted certain",
    step: ["main"],
  },
  "a node that was lost": {
    taskRun: aTaskRun({ reason: "Failed" }),
    pod: aPod("fail", { phase: "Failed", reason: "NodeLost" }),
    is: "Interrupted certain",
  },
  "exit code 255 with the pod still there: killed by a signal from within": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [anEndedStep("main", 255)] }),
    pod: quietPod,
    is: "TaskFailed certain",
    step: ["main", 255],
  },
  "exit code 1 with the pod gone: it may have been removed later": {
    taskRun: aTaskRun({ reason: "StepFailed", steps: [anEndedStep("main", 1)] }),
    is: "TaskFailed certain",
    step: ["main", 1],
  },
  "a step that failed before, with its failure ignored, isn't the one to blame": {
    taskRun: aTaskRun({
      reason: "StepFailed",
      steps: [
        anEndedStep("one", 7, { terminationReason: "Continued" }),
        anEndedStep("two", 3),
        anEndedStep("three", 1, { terminationReason: "Skipped" }),
      ],
    }),
    is: "TaskFailed certain",
    step: ["two", 3],
  },
  "a sidecar that failed, after which the next step was skipped": {
    taskRun: aTaskRun({
      reason: "SidecarFailed",
      steps: [anEndedStep("one", 0), anEndedStep("two", 1, { terminationReason: "Skipped" })],
      sidecars: [anEndedStep("db", 2)],
    }),
    is: "TaskFailed certain",
  },
  "nothing that is known": {
    taskRun: aTaskRun({ reason: "SomethingNew", message: "out of luck" }),
    is: "Unknown unknown",
  },
};

describe("classifyTask", () => {
  for (const [sentence, { taskRun, pod, is, step }] of Object.entries(cases)) {
    it(sentence, () => {
      const task = failedTask(aRunEvidence({ pods: pod === undefined ? [] : [pod] }), taskRun);
      const { reason, confidence } = classifyTask(task);
      const found = failedStep(task);
      assert.equal(`${reason} ${confidence}`, is);
      assert.deepEqual([found?.name, found?.exitCode], [step?.[0], step?.[1]]);
    });
  }
});
