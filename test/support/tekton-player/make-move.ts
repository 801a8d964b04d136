import type { KubernetesObject } from "../../../pkg/api/meta.ts";
import type { PipelineRun } from "../../../pkg/api/tekton.ts";
import type { ResourceApi } from "../../../pkg/controller/ports.ts";
import type { Move } from "./next-move.ts";
import { podFor, taskRunFor, type PlayedPod, type PlayedTaskRun } from "./objects.ts";
import { begunPod, begunTaskRun, endedPod, endedTaskRun } from "./task-statuses.ts";
import { begunFinally, begunRun, endedRun, pendingRun } from "./run-statuses.ts";

/** The kinds that Tekton and the kubelet write. */
export interface Stage {
  readonly runs: ResourceApi<PipelineRun>;
  readonly taskRuns: ResourceApi<PlayedTaskRun>;
  readonly pods: ResourceApi<PlayedPod>;
}

export type WritingMove = Exclude<Move, { readonly type: "Rest" | "Work" }>;

type PodMove = Extract<WritingMove, { type: "CreatePod" | "BeginPod" | "EndPod" | "DeletePod" | "RemovePod" }>;

/** What a move wrote: the object as the API server has it now, undefined where it was deleted. */
export type Written =
  | { readonly kind: "run"; readonly object: PipelineRun }
  | { readonly kind: "taskRun"; readonly object: PlayedTaskRun }
  | { readonly kind: "pod"; readonly object: PlayedPod }
  | undefined;

/** Makes a move: exactly one request. Throws ApiError. */
export async function makeMove(move: WritingMove, stage: Stage): Promise<Written> {
  const now = Date.now();
  switch (move.type) {
    case "MarkPending":
      return wroteRun(withStatus(stage.runs, move.run, pendingRun(move.run, now)));
    case "BeginRun":
      return wroteRun(withStatus(stage.runs, move.run, begunRun(move.run, now, move.hasFinally)));
    case "BeginFinally":
      return wroteRun(withStatus(stage.runs, move.run, begunFinally(move.run, now)));
    case "EndRun":
      return wroteRun(withStatus(stage.runs, move.run, endedRun(move.run, move.outcome, now)));
    case "CreateTaskRun":
      return wroteTaskRun(stage.taskRuns.create(taskRunFor(move.run, move.task)));
    case "CancelTaskRun": {
      const { statusMessage } = move;
      const spec = { ...move.taskRun.spec, status: "TaskRunCancelled", statusMessage };
      return wroteTaskRun(stage.taskRuns.replace({ ...move.taskRun, spec }));
    }
    case "BeginTaskRun":
      return wroteTaskRun(withStatus(stage.taskRuns, move.taskRun, begunTaskRun(move.pod, now)));
    case "EndTaskRun":
      return wroteTaskRun(withStatus(stage.taskRuns, move.taskRun, endedTaskRun(move.taskRun, move, now)));
    case "CreatePod":
    case "BeginPod":
    case "EndPod":
    case "DeletePod":
    case "RemovePod":
      return makePodMove(move, stage.pods, now);
  }
}

async function makePodMove(move: PodMove, pods: Stage["pods"], now: number): Promise<Written> {
  switch (move.type) {
    case "CreatePod":
      return { kind: "pod", object: await pods.create(podFor(move.taskRun)) };
    case "BeginPod":
      return { kind: "pod", object: await withStatus(pods, move.pod, begunPod(now)) };
    case "EndPod":
      return { kind: "pod", object: await withStatus(pods, move.pod, endedPod(move.pod, move.exitCode, now)) };
    case "DeletePod":
      await pods.delete(move.pod.metadata, { uid: move.pod.metadata.uid ?? "" });
      return undefined;
    case "RemovePod":
      await pods.delete(move.pod.metadata, { uid: move.pod.metadata.uid ?? "", gracePeriodSeconds: 0 });
      return undefined;
  }
}

function withStatus<T extends KubernetesObject & { readonly status?: unknown }>(
  resource: ResourceApi<T>,
  object: T,
  status: T["status"],
): Promise<T> {
  return resource.replaceStatus({ ...object, status });
}

async function wroteRun(answer: Promise<PipelineRun>): Promise<Written> {
  return { kind: "run", object: await answer };
}

async function wroteTaskRun(answer: Promise<PlayedTaskRun>): Promise<Written> {
  return { kind: "taskRun", object: await answer };
}
