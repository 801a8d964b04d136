/** Evidence about runs made up of all that Tekton and Kubernetes can say, whether it makes sense together or not. */
import fc from "fast-check";
import type { ContainerState, ContainerStatus, Pod, PodEvent } from "../../pkg/api/core.ts";
import type { StepState, TaskRun, TektonCondition } from "../../pkg/api/tekton.ts";
import type { RunEvidence } from "../../pkg/tekton/run-evidence.ts";

const REASONS =
  "Succeeded Completed Failed Running Started Pending Cancelled PipelineRunTimeout TaskRunTimeout TaskRunCancelled " +
  "StepFailed StepOOM SidecarOOM SidecarFailed InitContainerOOM InitContainerFailed TaskRunImagePullFailed " +
  "PullImageFailed PodCreationFailed PodAdmissionFailed PodEvicted ExceededResourceQuota ExceededNodeResources " +
  "CreateContainerConfigError ResourceVerificationFailed CouldntGetPipeline CouldntGetTask TaskRunResolutionFailed " +
  "TaskRunValidationFailed ParameterMissing PipelineValidationFailed CreateRunFailed FailureIgnored SomethingNew " +
  "TaskRunResultLargerThanAllowedLimit CouldntCreateWorkspacePVC constructor __proto__";
const CONTAINER_REASONS =
  "Completed Error OOMKilled StartError ContainerStatusUnknown TaskRunTimeout TaskRunCancelled TaskRunImagePullFailed " +
  "ImagePullBackOff ErrImagePull InvalidImageName CreateContainerConfigError CreateContainerError PodInitializing " +
  "ContainerCreating Continued Skipped TimeoutExceeded";
const POD_REASONS =
  "Evicted NodeLost DeadlineExceeded OutOfcpu Terminated Shutdown Unschedulable EvictionByEvictionAPI";
const EVENT_REASONS =
  "FailedMount FailedScheduling Failed BackOff Evicted NodeNotReady FailedCreatePodSandBox Preempted";

const MESSAGES = [
  "",
  "no room left: oom OOMKilled ImagePullBackOff",
  "The step timed out. DeadlineExceeded! TaskRunTimeout? PodEvicted",
  'pods "x" is forbidden: exceeded quota: q, requested: pods=1',
  'secrets is forbidden: User "a" cannot get resource "secrets"',
  "Error from server (Forbidden)",
  "[User error] wrong",
  'TaskRun "x" was cancelled.\nPrevious status: [ExceededResourceQuota] exceeded quota',
  'failed to finish within "1m"\nPrevious status: [PullImageFailed] Back-off',
  "UNAUTHORIZED: authentication required",
  "dial tcp: connection refused",
  'error getting "bundleresolver" "ns/bundles-1": MANIFEST_UNKNOWN',
  '0/1 nodes are available: 1 Insufficient cpu. persistentvolumeclaim "x" not found',
  'MountVolume.SetUp failed for volume "v" : configmap "gone" not found',
  'Failed to pull image "x": 401 Unauthorized',
  "Node.js v20. Error: x!\nat y (z.js:1:2)\n",
  "login with password=hunter2 failed.",
  "ä…\u2028 \u0000".repeat(2000),
];
const STATUS_MESSAGES = [
  "",
  "TaskRun cancelled as the PipelineRun it belongs to has been cancelled.",
  "TaskRun cancelled as the PipelineRun it belongs to has timed out.",
];
const TASKS = ["a", "b", "c"];
const TIMES = ["2026-11-21T12:00:00Z", "2026-11-21T12:00:05Z", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "soon"];

const message = fc.constantFrom(...MESSAGES);
const time = fc.constantFrom(...TIMES);
const exitCode = fc.constantFrom(0, 1, 2, 128, 137, 143, 255);
const reason = words(REASONS);
const containerReason = words(CONTAINER_REASONS);

/** A word or text that Tekton or Kubernetes writes somewhere, and the statuses of conditions. */
export const realWord: fc.Arbitrary<unknown> = fc.oneof(
  reason,
  containerReason,
  words(POD_REASONS),
  message,
  fc.constantFrom<unknown>(...STATUS_MESSAGES, "True", "False", "Unknown", ...TIMES, 0, 1, 137, 255, undefined),
);

const state: fc.Arbitrary<ContainerState> = fc.oneof(
  fc.constant({}),
  fc.record({ waiting: fc.record({ reason: containerReason, message }) }),
  fc.record({ running: fc.record({ startedAt: time }) }),
  fc.record({
    terminated: fc.record({ exitCode, reason: containerReason, message, startedAt: time, finishedAt: time }),
  }),
);

const step: fc.Arbitrary<StepState> = fc
  .tuple(state, fc.constantFrom("one", "two"), fc.option(containerReason, { nil: undefined }))
  .map(([is, name, terminationReason]) => ({
    ...is,
    name,
    container: `step-${name}`,
    ...(terminationReason === undefined ? {} : { terminationReason }),
  }));

const container: fc.Arbitrary<ContainerStatus> = fc.record({
  name: fc.constantFrom("step-one", "step-two", "sidecar-db", "prepare"),
  state,
  lastState: state,
});

const condition: fc.Arbitrary<TektonCondition> = fc.record({
  type: fc.constant("Succeeded"),
  status: fc.constantFrom("False", "False", "False", "True", "Unknown"),
  reason,
  message,
  lastTransitionTime: time,
});

const taskRun: fc.Arbitrary<TaskRun> = fc
  .record({
    task: fc.constantFrom(...TASKS),
    condition,
    steps: fc.array(step, { maxLength: 3 }),
    sidecars: fc.array(step, { maxLength: 1 }),
    statusMessage: fc.constantFrom(...STATUS_MESSAGES),
    completionTime: time,
    podName: fc.constantFrom("", "pod-1", "pod-2"),
  })
  .map(({ task, condition: is, statusMessage, ...status }) => ({
    metadata: { name: `run-${task}`, labels: { "tekton.dev/pipelineTask": task } },
    spec: { statusMessage },
    status: { ...status, conditions: [is] },
  }));

const pod: fc.Arbitrary<Pod> = fc
  .record({
    name: fc.constantFrom("pod-1", "pod-2"),
    uid: fc.constantFrom("u1", "u2", "u3"),
    deletionTimestamp: fc.option(fc.constant("2026-11-21T12:00:09Z"), { nil: undefined }),
    phase: fc.constantFrom("Pending", "Running", "Failed"),
    reason: fc.oneof(fc.constant(""), words(POD_REASONS)),
    message,
    containerStatuses: fc.array(container, { maxLength: 2 }),
    type: fc.constantFrom("PodScheduled", "DisruptionTarget"),
    status: fc.constantFrom("True", "False"),
    why: words(POD_REASONS),
  })
  .map(({ name, uid, deletionTimestamp, type, status, why, ...rest }) => ({
    metadata: { name, uid, ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }) },
    status: { ...rest, conditions: [{ type, status, reason: why, message: rest.message }] },
  }));

const event: fc.Arbitrary<PodEvent> = fc.record({
  podName: fc.constantFrom("pod-1", "pod-2"),
  podUid: fc.constantFrom("u1", "u2", "u3"),
  reason: words(EVENT_REASONS),
  message,
  at: time,
});

const log = fc.record({
  podUid: fc.constantFrom("u1", "u2"),
  podName: fc.constant("pod-1"),
  container: fc.constantFrom("step-one", "step-two"),
  text: message,
});

/** A run of up to four TaskRuns, its pods, its warnings and its logs. */
export const generatedEvidence: fc.Arbitrary<RunEvidence> = fc
  .record({
    condition,
    stop: fc.constantFrom(undefined, "Cancel", "Deletion", "DeadlineExceeded", "else"),
    stopped: fc.constantFrom(undefined, "Cancelled", "StoppedRunFinally"),
    taskRuns: fc.array(taskRun, { maxLength: 4 }),
    pods: fc.array(pod, { maxLength: 2 }),
    lostPods: fc.array(pod, { maxLength: 2 }),
    events: fc.array(event, { maxLength: 2 }),
    logs: fc.array(log, { maxLength: 1 }),
  })
  .map(({ condition: is, stop, stopped, taskRuns, pods, ...live }) => ({
    run: {
      metadata: { name: "run", ...(stop === undefined ? {} : { annotations: { "kubernaut.ai/stop-reason": stop } }) },
      spec: stopped === undefined ? {} : { status: stopped },
      status: {
        startTime: "2026-11-21T12:00:00Z",
        conditions: [is],
        pipelineSpec: { tasks: TASKS.map((name) => ({ name })) },
        childReferences: [{ kind: "TaskRun", name: "run-a", pipelineTaskName: "a" }],
      },
    },
    taskRuns,
    pods,
    live,
  }));

function words(list: string): fc.Arbitrary<string> {
  return fc.constantFrom(...list.split(" "));
}
