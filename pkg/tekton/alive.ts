import type { Pod } from "../api/core.ts";
import type { KubernetesObject } from "../api/meta.ts";
import type { CustomRun, PipelineRun, TaskRun } from "../api/tekton.ts";
import { isDone, isPendingRun } from "./run-state.ts";
import { stepContainersOf } from "./seen-pods.ts";

/** All that carries the label of one execution. */
export interface Children {
  readonly runs: readonly PipelineRun[];
  readonly taskRuns: readonly TaskRun[];
  readonly customRuns: readonly CustomRun[];
  readonly pods: readonly Pod[];
}

/**
 * Something that may still act on the target. `pending`: a PipelineRun that was never started; `waiting`: a pod whose
 * containers haven't all started; `terminating`: a pod that is being stopped; `running`: all else.
 */
export interface AliveChild {
  readonly kind: "PipelineRun" | "TaskRun" | "CustomRun" | "Pod";
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly why: "pending" | "waiting" | "running" | "terminating";
}

/**
 * What may still act. A target is released only when nothing is left here (lock.md R): a run is done before its pods
 * have stopped (tektoncd pkg/reconciler/pipelinerun/cancel.go, timeout.go), and a pod counts until it is gone or its
 * phase says that all its containers have stopped.
 */
export function aliveChildren(children: Children): readonly AliveChild[] {
  const runs = children.runs.filter((run) => !isDone(run));
  return [
    ...runs.map((run) => alive("PipelineRun", run, isPendingRun(run) ? "pending" : "running")),
    ...children.taskRuns.filter((taskRun) => !isDone(taskRun)).map((taskRun) => alive("TaskRun", taskRun, "running")),
    ...children.customRuns.filter((custom) => !isDone(custom)).map((custom) => alive("CustomRun", custom, "running")),
    ...children.pods.filter(isPodAlive).map((pod) => alive("Pod", pod, podState(pod))),
  ];
}

/**
 * Pods of a done run that nobody else stops, and that must be deleted before the target is released (lock.md R). Empty
 * while the run isn't done. They are not yet being deleted, and one of two kinds:
 *
 * - still Pending: after a CreateContainerConfigError the run is Failed, but such a pod **starts by itself when the
 *   missing Secret appears** (failures.md section 3);
 * - a step's container still runs: when one step is OOMKilled Tekton ends the TaskRun at once, while the containers of
 *   the later steps wait for their turn until the pod's deadline (tektoncd pkg/pod/status.go, isPodCompleted).
 *
 * Pods whose steps have all stopped are left to end by themselves: deleting one would only lose its log.
 */
export function strandedPods(run: PipelineRun, pods: readonly Pod[]): readonly Pod[] {
  if (!isDone(run)) return [];
  return pods.filter((pod) => isPodAlive(pod) && mayStillStep(pod));
}

/** Whether containers of a pod may run, now or later. */
export function isPodAlive(pod: Pod): boolean {
  const phase = pod.status?.phase;
  return phase !== "Succeeded" && phase !== "Failed";
}

function podState(pod: Pod): AliveChild["why"] {
  if (typeof pod.metadata.deletionTimestamp === "string") return "terminating";
  return pod.status?.phase === "Running" || pod.status?.phase === "Unknown" ? "running" : "waiting";
}

function mayStillStep(pod: Pod): boolean {
  const state = podState(pod);
  if (state !== "running") return state === "waiting";
  return stepContainersOf(pod).some((step) => !step.state?.terminated);
}

function alive(kind: AliveChild["kind"], object: KubernetesObject, why: AliveChild["why"]): AliveChild {
  const { namespace = "", name, uid = "" } = object.metadata;
  return { kind, namespace, name, uid, why };
}
