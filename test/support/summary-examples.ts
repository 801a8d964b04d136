/** Failures of every kind that no recorded run shows, for the golden files of the diagnosis. */
import { ANNOTATION_STOP_REASON, type StopReason } from "../../pkg/api/labels.ts";
import type { PipelineRun, TaskRun } from "../../pkg/api/tekton.ts";
import type { FailureDetails } from "../../pkg/api/workflow-execution.ts";
import { diagnose } from "../../pkg/tekton/diagnose.ts";
import type { FailureReason } from "../../pkg/tekton/failure-reason.ts";
import type { FailureRequest } from "../../pkg/tekton/failure-request.ts";
import { lostRunFailure, preExecutionFailure } from "../../pkg/tekton/pre-execution-failure.ts";
import type { LiveEvidence, RunEvidence } from "../../pkg/tekton/run-evidence.ts";
import { aPodEvent, aRun, aRunEvidence, type EvidenceWishes } from "./a-run-evidence.ts";
import { anEndedStep, anInventedStep, aPod, aTaskRun } from "./a-task-run.ts";
import { recordedLog, recordedRun } from "./recorded-run.ts";

type Example = readonly [name: string, details: FailureDetails];

const cancel = { mode: "CancelRunFinally", reason: "it was the wrong target", by: "alice@example.com" };
const BY_TIMED_OUT_RUN = "TaskRun cancelled as the PipelineRun it belongs to has timed out.";

/** The examples, each with its name. */
export function summaryExamples(request: FailureRequest): readonly Example[] {
  return [...cancelled(request), ...generated(request), ...withLogs(request), ...withoutRun(request)];
}

function cancelled(request: FailureRequest): readonly Example[] {
  return [
    ["cancelled by a person", diagnose(stoppedBy("Cancel"), { ...request, cancel })],
    ["its execution was deleted", diagnose(stoppedBy("Deletion"), request)],
    ["stopped by us because its time was up", diagnose(stoppedBy("DeadlineExceeded"), request)],
  ];
}

function stoppedBy(reason: StopReason): RunEvidence {
  const evidence = recordedRun("cancelled-run-finally");
  const annotations = { [ANNOTATION_STOP_REASON]: reason };
  return { ...evidence, run: { ...evidence.run, metadata: { ...evidence.run.metadata, annotations } } };
}

function failed(task: string, exitCode: number): TaskRun {
  return aTaskRun({ task, reason: "StepFailed", message: "exited badly", steps: [anEndedStep("main", exitCode)] });
}

function generated(request: FailureRequest): readonly Example[] {
  const done = aTaskRun({ task: "prepare", reason: "Succeeded", status: "True", steps: [anEndedStep("main", 0)] });
  const late = aTaskRun({ reason: "TaskRunCancelled", statusMessage: BY_TIMED_OUT_RUN, steps: [{ name: "main" }] });
  const matrix = [0, 1].map((index) => {
    const one = index === 0 ? failed("fail", 3) : aTaskRun({ reason: "Succeeded", status: "True" });
    return { ...one, metadata: { ...one.metadata, name: `run-fail-${String(index)}` } };
  });
  const tasks = ["prepare", "fail", "verify"];
  const cases: readonly (readonly [name: string, wishes: EvidenceWishes])[] = [
    ["one task of a matrix failed", { run: aRun("Failed", tasks), taskRuns: [done, ...matrix] }],
    ["a ConfigMap to be mounted was missing until time was up", { run: aRun("PipelineRunTimeout"), ...missing(late) }],
    ["a pod was made again, then failed", { run: aRun("Failed"), ...repeated(failed("fail", 2)) }],
    ["a TaskRun was deleted", { run: withChild(aRun("Failed", tasks)), taskRuns: [done] }],
    ["an image was waited for until time was up", { run: aRun("Failed"), taskRuns: [stuckOnImage()] }],
    ["no TaskRun tells why", { run: aRun("Failed", tasks, "Tasks Completed: 1 (Failed: 1, Cancelled 0), Skipped: 2") }],
    ["Tekton says something new", { run: aRun("Failed"), taskRuns: [aTaskRun({ reason: "New", message: "no luck" })] }],
  ];
  return cases.map(([name, wishes]) => [name, diagnose(aRunEvidence(wishes), request)]);
}

function missing(taskRun: TaskRun): EvidenceWishes {
  const words = 'MountVolume.SetUp failed for volume "settings" : configmap "app-settings" not found';
  return {
    taskRuns: [taskRun],
    lostPods: [aPod("fail", { phase: "Pending" })],
    events: [aPodEvent("FailedMount", words)],
  };
}

function repeated(taskRun: TaskRun): EvidenceWishes {
  const containerStatuses = [{ name: "step-main", state: { running: { startedAt: "2026-11-21T12:00:03Z" } } }];
  return {
    taskRuns: [taskRun],
    lostPods: [
      aPod("fail", { containerStatuses }, { uid: "uid-of-first-pod", creationTimestamp: "2026-11-21T12:00:01Z" }),
    ],
    pods: [aPod("fail", { phase: "Failed" }, { creationTimestamp: "2026-11-21T12:00:04Z" })],
  };
}

function withChild(run: PipelineRun): PipelineRun {
  const childReferences = [{ kind: "TaskRun", name: "run-fail", pipelineTaskName: "fail" }];
  return { ...run, status: { ...run.status, childReferences } };
}

function stuckOnImage(): TaskRun {
  const message =
    'failed to finish within "1m"\nPrevious status: [PullImageFailed] Back-off pulling image "x": 503 Service';
  const steps = [anInventedStep("main", "TaskRunTimeout", false)];
  return aTaskRun({ reason: "TaskRunTimeout", message, steps });
}

function withLogs(request: FailureRequest): readonly Example[] {
  const cases: readonly (readonly [name: string, pod: string])[] = [
    ["exit-one", "run-fail-pod"],
    ["rbac-forbidden", "run-patch-pod"],
    ["command-missing", "run-run-pod"],
  ];
  return cases.map(([name, podName]) => {
    const evidence = recordedRun(name);
    const podUid = evidence.pods.find(({ metadata }) => metadata.name === podName)?.metadata.uid ?? "";
    const logs = [{ podUid, podName, container: "step-main", text: recordedLog(name, podName, "step-main") }];
    const live: LiveEvidence = { lostPods: [], events: [], logs };
    return [`with its log: ${name}`, diagnose({ ...evidence, live }, request)];
  });
}

function withoutRun(request: FailureRequest): readonly Example[] {
  const refusals: readonly (readonly [name: string, reason: FailureReason, message: string])[] = [
    ["an engine that isn't there", "UnsupportedEngine", "the execution engine ansible is not supported"],
    ["a feature that isn't there", "UnsupportedFeature", "the feature canary is not known"],
    ["another cluster", "UnsupportedCluster", "the execution is for the cluster east"],
    ["a kind that isn't there", "ConfigurationError", "no such kind: Deploymentt"],
    [
      "too late",
      "DeadlineExceeded",
      "not started until 2026-11-21T13:00:00Z (maxDelay): a diagnosis that old is not acted on",
    ],
  ];
  const lost = {
    reason: "ExternallyDeleted",
    message: "PipelineRun workflows/run was deleted by somebody else",
  } as const;
  return [
    ...refusals.map(([name, reason, message]) => [name, preExecutionFailure({ reason, message }, request)] as const),
    [
      "cancelled before the start",
      preExecutionFailure({ reason: "Cancelled", message: "cancelled" }, { ...request, cancel }),
    ],
    ["the run was deleted by somebody else", lostRunFailure({ ...lost, elapsedMs: 61_000 }, request)],
  ];
}
