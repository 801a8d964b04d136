/** What Tekton would do next with one TaskRun, and the kubelet with its pod. */
import type { PlayedPod, PlayedTaskRun, TaskName } from "./objects.ts";
import type { Script } from "./script.ts";

/** A task of a run and what was made for it, as far as it exists. */
export interface TaskScene {
  readonly task: TaskName;
  readonly taskRun: PlayedTaskRun | undefined;
  readonly pod: PlayedPod | undefined;
  /** How long its step has been working (ms). */
  readonly workedMs: number;
  /** The step was ever at work. */
  readonly hasBegun: boolean;
}

export type TaskMove =
  | { readonly type: "Work"; readonly forMs: number }
  | { readonly type: "CancelTaskRun"; readonly taskRun: PlayedTaskRun; readonly statusMessage: string }
  | { readonly type: "BeginTaskRun"; readonly taskRun: PlayedTaskRun; readonly pod: PlayedPod }
  | {
      readonly type: "EndTaskRun";
      readonly taskRun: PlayedTaskRun;
      readonly outcome: TaskOutcome;
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

export type TaskOutcome = "succeeded" | "failed" | "cancelled";

/** What Tekton's entrypoint exits with when its pod is taken away. */
const TAKEN_AWAY = 255;

/** The kubelet removes a deleted pod once it has stopped. */
export function removePod({ pod }: TaskScene, { ignoresTerm }: Script): TaskMove | undefined {
  if (pod?.metadata.deletionTimestamp === undefined || ignoresTerm) return undefined;
  return { type: "RemovePod", pod };
}

/** Tekton's next move with a TaskRun that goes on; undefined where it waits for the kubelet. */
export function moveTask(taskRun: PlayedTaskRun, scene: TaskScene, script: Script): TaskMove | undefined {
  if (taskRun.spec?.status !== undefined) return stopTask(taskRun, scene);
  const { pod, hasBegun } = scene;
  const hasPod = taskRun.status?.podName !== undefined;
  if (pod === undefined && (!hasPod || script.remakesPod)) return { type: "CreatePod", taskRun };
  if (pod === undefined) return { type: "EndTaskRun", taskRun, outcome: "failed", exitCode: TAKEN_AWAY, hasBegun };
  if (!hasPod) return { type: "BeginTaskRun", taskRun, pod };
  return endTask(taskRun, pod, script);
}

function stopTask(taskRun: PlayedTaskRun, { pod, hasBegun }: TaskScene): TaskMove {
  if (pod !== undefined && pod.metadata.deletionTimestamp === undefined) return { type: "DeletePod", pod };
  return { type: "EndTaskRun", taskRun, outcome: "cancelled", exitCode: 1, hasBegun };
}

function endTask(taskRun: PlayedTaskRun, { status }: PlayedPod, { exitCode }: Script): TaskMove | undefined {
  const hasBegun = true;
  if (status?.phase === "Succeeded") {
    return { type: "EndTaskRun", taskRun, outcome: "succeeded", exitCode: 0, hasBegun };
  }
  return status?.phase === "Failed"
    ? { type: "EndTaskRun", taskRun, outcome: "failed", exitCode, hasBegun }
    : undefined;
}

/** The kubelet's next move with a pod that Tekton knows of and that nobody has deleted; undefined where it rests. */
export function kubeletMove(scene: TaskScene, script: Script): TaskMove | undefined {
  const { taskRun, pod } = scene;
  if (pod === undefined || taskRun?.status?.podName === undefined) return undefined;
  return pod.metadata.deletionTimestamp === undefined ? movePod(pod, scene, script) : undefined;
}

function movePod(pod: PlayedPod, scene: TaskScene, script: Script): TaskMove | undefined {
  const { phase = "Pending" } = pod.status ?? {};
  if (phase === "Running") return work(pod, scene, script);
  return phase === "Pending" && !script.podsWait ? { type: "BeginPod", pod } : undefined;
}

function work(pod: PlayedPod, { task, workedMs }: TaskScene, script: Script): TaskMove | undefined {
  const ending = task === "act" ? script.ending : script.finally;
  if (ending === "never") return undefined;
  if (workedMs < script.stepMs) return { type: "Work", forMs: script.stepMs - workedMs };
  return { type: "EndPod", pod, exitCode: ending === "fail" ? script.exitCode : 0 };
}
