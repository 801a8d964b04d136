/** The only place where steps become requests: one step, one request. Nothing is decided here. */
import { FINALIZER } from "../api/labels.ts";
import type { KubernetesObject } from "../api/meta.ts";
import { PIPELINE_RUN_PENDING } from "../api/tekton.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import type { Looked, Result } from "../execution/result.ts";
import type { LookAt, Step } from "../execution/step.ts";
import { ApiError } from "../runtime/api-error.ts";
import { BY_CANCELLED_RUN } from "../tekton/run-stop.ts";
import { keepPipelineRun, keepPod, keepTaskRun } from "./projections.ts";
import type { ClusterApi, LabelQuery, PatchOperation, ResourceApi } from "./ports.ts";

/** A step that asks something of the API server. */
export type Request = Exclude<Step, { readonly type: "Done" | "Wait" | "Backoff" }>;

/** What performs steps: this room's `perform` with an API, or what a test has put around it. */
export type Perform = (step: Request) => Promise<Result>;

/** As Tekton itself stops the tasks of a cancelled run, so that this one reads as a consequence, too. */
const STOP_TASK_RUN: readonly PatchOperation[] = [
  set("/spec/status", "TaskRunCancelled"),
  set("/spec/statusMessage", BY_CANCELLED_RUN),
];

type LookStep = Extract<Step, { type: "Look" }>;

/** Performs one request. An answer of the API server that refuses it is a result; anything else that fails is thrown. */
export async function perform(step: Request, api: ClusterApi): Promise<Result> {
  try {
    return await request(step, api);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { kind, retryAfterMs } = error.facts;
    const refusal = { kind, message: error.message };
    return { type: "refused", refusal: retryAfterMs === undefined ? refusal : { ...refusal, retryAfterMs } };
  }
}

async function request(step: Request, api: ClusterApi): Promise<Result> {
  switch (step.type) {
    case "Look":
      return { type: "looked", looked: await lookUp(step, api) };
    case "AddFinalizer":
      return wroteExecution(api.executions.jsonPatch(step.execution.metadata, finalizerPatch(step.execution, true)));
    case "RemoveFinalizer":
      return wroteExecution(api.executions.jsonPatch(step.execution.metadata, finalizerPatch(step.execution, false)));
    case "WriteStatus":
      return wroteExecution(api.executions.replaceStatus(step.execution));
    case "CreateLock":
      return { type: "wroteLock", lock: await api.locks.create(step.lock) };
    case "UpdateLock":
      return { type: "wroteLock", lock: await api.locks.replace(step.lock) };
    case "DeleteLock": {
      const { uid, resourceVersion } = step.lock;
      await api.locks.delete(step.lock, { uid, resourceVersion });
      return { type: "accepted" };
    }
    case "ReviewAccess":
      return { type: "reviewed", allowed: await api.mayCreateRuns(step.namespace) };
    case "DeletePod":
      await api.pods.delete(step.pod, { uid: step.pod.uid });
      return { type: "accepted" };
    case "CancelTaskRun": {
      const { uid, resourceVersion } = step.taskRun;
      await api.taskRuns.jsonPatch(step.taskRun, [testUid(uid), testVersion(resourceVersion), ...STOP_TASK_RUN]);
      return { type: "accepted" };
    }
    case "ReadLog": {
      const { pod, container } = step;
      const text = await api.readLog(pod, container);
      return { type: "readLog", log: { podUid: pod.uid, podName: pod.name, container, text } };
    }
    case "CreateRun":
    case "StartRun":
    case "CancelRun":
    case "DeleteRun":
      return requestRun(step, api);
  }
}

type RunStep = Extract<Step, { type: "CreateRun" | "StartRun" | "CancelRun" | "DeleteRun" }>;

async function requestRun(step: RunStep, api: ClusterApi): Promise<Result> {
  switch (step.type) {
    case "CreateRun":
      return { type: "wroteRun", run: keepPipelineRun(await api.runs.create(step.run)) };
    case "StartRun":
      return { type: "wroteRun", run: keepPipelineRun(await api.runs.jsonPatch(step.run, startPatch(step.run.uid))) };
    case "CancelRun":
      return { type: "wroteRun", run: keepPipelineRun(await api.runs.jsonPatch(step.run, cancelPatch(step))) };
    case "DeleteRun": {
      const { uid, resourceVersion } = step.run;
      // Foreground: run and TaskRuns stay visible until the pods are gone.
      await api.runs.delete(step.run, { uid, resourceVersion, propagation: "Foreground" });
      return { type: "accepted" };
    }
  }
}

async function wroteExecution(answer: Promise<WorkflowExecution>): Promise<Result> {
  return { type: "wroteExecution", execution: await answer };
}

async function lookUp({ object, at }: LookStep, api: ClusterApi): Promise<Looked> {
  switch (object) {
    case "execution":
      return { object, value: await getNamed(api.executions, at) };
    case "kinds":
      return { object, value: await api.discoverKinds() };
    case "lock":
      return { object, name: nameOf(at), value: await getNamed(api.locks, at) };
    case "runs":
      return { object, value: (await api.runs.list(queryOf(at))).map(keepPipelineRun) };
    case "taskRuns":
      return { object, value: (await api.taskRuns.list(queryOf(at))).map(keepTaskRun) };
    case "customRuns":
      return { object, value: await api.customRuns.list(queryOf(at)) };
    case "pods":
      return { object, value: (await api.pods.list(queryOf(at))).map(keepPod) };
  }
}

/** The fenced start: only this run, only if it is still Pending. 422 means that the world moved (lock.md A6). */
function startPatch(uid: string): readonly PatchOperation[] {
  const status = "/spec/status";
  // What isn't there is null for the API server. A run that is being deleted is one that somebody has taken back.
  const isAlive = { op: "test", path: "/metadata/deletionTimestamp", value: null } as const;
  return [
    testUid(uid),
    isAlive,
    { op: "test", path: status, value: PIPELINE_RUN_PENDING },
    { op: "remove", path: status },
  ];
}

function cancelPatch({ run, mode, annotations }: Extract<Step, { type: "CancelRun" }>): readonly PatchOperation[] {
  const preconditions = [testUid(run.uid), testVersion(run.resourceVersion)];
  return [...preconditions, set("/spec/status", mode), set("/metadata/annotations", annotations)];
}

function finalizerPatch({ metadata }: WorkflowExecution, present: boolean): readonly PatchOperation[] {
  const others = (metadata.finalizers ?? []).filter((name) => name !== FINALIZER);
  const finalizers = present ? [...others, FINALIZER] : others;
  return [
    testUid(metadata.uid ?? ""),
    testVersion(metadata.resourceVersion ?? ""),
    { op: "add", path: "/metadata/finalizers", value: finalizers },
  ];
}

function testUid(uid: string): PatchOperation {
  return { op: "test", path: "/metadata/uid", value: uid };
}

function testVersion(resourceVersion: string): PatchOperation {
  return { op: "test", path: "/metadata/resourceVersion", value: resourceVersion };
}

/** `add` sets a field whether it is there or not. */
function set(path: string, value: unknown): PatchOperation {
  return { op: "add", path, value };
}

async function getNamed<T extends KubernetesObject>(resource: ResourceApi<T>, at: LookAt): Promise<T | undefined> {
  if (at.by !== "name") throw new TypeError(`one object is read by its name, not by ${at.by}`);
  const { by: _by, ...ref } = at;
  return resource.get(ref);
}

function nameOf(at: LookAt): string {
  return at.by === "name" ? at.name : "";
}

function queryOf(at: LookAt): LabelQuery {
  if (at.by !== "label") throw new TypeError(`a list is read by a label, not by ${at.by}`);
  return { namespace: at.namespace, labelSelector: at.labelSelector };
}
