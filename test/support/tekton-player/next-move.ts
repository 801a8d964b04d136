/**
 * What Tekton, and the kubelet for its pods, would do next with one run. The order of the writes is Tekton's own: the pod
 * ends, then the TaskRun, then the run; on a cancel the TaskRun and the run end before the pod has stopped (tektoncd
 * pkg/reconciler/pipelinerun/cancel.go).
 */
import type { PipelineRun } from "../../../pkg/api/tekton.ts";
import { isDone, isPendingRun, succeededCondition } from "../../../pkg/tekton/run-state.ts";
import type { PlayedPod, PlayedTaskRun } from "./objects.ts";
import type { Script } from "./script.ts";

/** A run and what was made for it, as far as it exists. */
export interface Scene {
  /** Undefined where it was deleted; its children may still be there. */
  readonly run: PipelineRun | undefined;
  readonly taskRun: PlayedTaskRun | undefined;
  readonly pod: PlayedPod | undefined;
  readonly script: Script;
  /** How long the step has been working (ms). */
  readonly workedMs: number;
  /** The step was ever at work. */
  readonly hasBegun: boolean;
}

/** One request to the API server, or none for that time. */
export type Move =
  | { readonly type: "Rest" }
  | { readonly type: "Work"; readonly forMs: number }
  | { readonly type: "MarkPending"; readonly run: PipelineRun }
  | { readonly type: "BeginRun"; readonly run: PipelineRun }
  | { readonly type: "EndRun"; readonly run: PipelineRun; readonly outcome: Outcome }
  | { readonly type: "CreateTaskRun"; readonly run: PipelineRun }
  | { readonly type: "CancelTaskRun"; readonly taskRun: PlayedTaskRun }
  | { readonly type: "BeginTaskRun"; readonly taskRun: PlayedTaskRun; readonly pod: PlayedPod }
  | {
      readonly type: "EndTaskRun";
      readonly taskRun: PlayedTaskRun;
      readonly outcome: Outcome;
      readonly exitCode: number;
      /** The kubelet had started the step. */
      readonly hasBegun: boolean;
    }
  | { readonly type: "CreatePod"; readonly taskRun: PlayedTaskRun }
  | { readonly type: "BeginPod"; readonly pod: PlayedPod }
  | { readonly type: "EndPod"; readonly pod: PlayedPod; readonly exitCode: number }
  | { readonly type: "DeletePod"; readonly pod: PlayedPod }
  /** The kubelet has stopped a pod that was deleted: it goes. */
  | { readonly type: "RemovePod"; readonly pod: PlayedPod };

export type Outcome = "succeeded" | "failed" | "cancelled";

const REST: Move = { type: "Rest" };
/** What Tekton's entrypoint exits with when its pod is taken away. */
const TAKEN_AWAY = 255;

/** The next move; `Rest` where nothing is to be done until something changes. */
export function nextMove(scene: Scene): Move {
  const { run, pod, script } = scene;
  if (pod?.metadata.deletionTimestamp !== undefined && !script.ignoresTerm) return { type: "RemovePod", pod };
  if (run === undefined || run.metadata.deletionTimestamp !== undefined || isDone(run)) return REST;
  if (isPendingRun(run)) return succeededCondition(run) === undefined ? { type: "MarkPending", run } : REST;
  return moveRun(run, scene);
}

function moveRun(run: PipelineRun, scene: Scene): Move {
  const { taskRun } = scene;
  if (taskRun !== undefined && isDone(taskRun)) return { type: "EndRun", run, outcome: outcomeOf(run, taskRun) };
  if (taskRun === undefined && run.spec.status !== undefined) return { type: "EndRun", run, outcome: "cancelled" };
  if (run.status?.pipelineSpec === undefined) return { type: "BeginRun", run };
  if (taskRun === undefined) return { type: "CreateTaskRun", run };
  return stopsTasks(run) ? stopTask(taskRun, scene) : moveTask(taskRun, scene);
}

/** StoppedRunFinally lets running tasks end. */
function stopsTasks(run: PipelineRun): boolean {
  return run.spec.status === "Cancelled" || run.spec.status === "CancelledRunFinally";
}

function outcomeOf(run: PipelineRun, taskRun: PlayedTaskRun): Outcome {
  if (run.spec.status !== undefined) return "cancelled";
  return succeededCondition(taskRun)?.status === "True" ? "succeeded" : "failed";
}

function stopTask(taskRun: PlayedTaskRun, { pod, hasBegun }: Scene): Move {
  if (taskRun.spec?.status === undefined) return { type: "CancelTaskRun", taskRun };
  if (pod !== undefined && pod.metadata.deletionTimestamp === undefined) return { type: "DeletePod", pod };
  return { type: "EndTaskRun", taskRun, outcome: "cancelled", exitCode: 1, hasBegun };
}

function moveTask(taskRun: PlayedTaskRun, scene: Scene): Move {
  const { pod, hasBegun } = scene;
  const hasPod = taskRun.status?.podName !== undefined;
  if (pod === undefined && !hasPod) return { type: "CreatePod", taskRun };
  if (pod === undefined) return { type: "EndTaskRun", taskRun, outcome: "failed", exitCode: TAKEN_AWAY, hasBegun };
  if (!hasPod) return { type: "BeginTaskRun", taskRun, pod };
  return movePod(taskRun, pod, scene);
}

function movePod(taskRun: PlayedTaskRun, pod: PlayedPod, scene: Scene): Move {
  const { exitCode } = scene.script;
  const hasBegun = true;
  const phase = pod.status?.phase;
  if (phase === "Succeeded") return { type: "EndTaskRun", taskRun, outcome: "succeeded", exitCode: 0, hasBegun };
  if (phase === "Failed") return { type: "EndTaskRun", taskRun, outcome: "failed", exitCode, hasBegun };
  return phase === "Running" ? work(pod, scene) : { type: "BeginPod", pod };
}

function work(pod: PlayedPod, { script, workedMs }: Scene): Move {
  if (script.ending === "never") return REST;
  if (workedMs < script.stepMs) return { type: "Work", forMs: script.stepMs - workedMs };
  return { type: "EndPod", pod, exitCode: script.ending === "fail" ? script.exitCode : 0 };
}
