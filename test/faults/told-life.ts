/** Lives of executions told write by write, for histories that no cluster has to run for. */
import { API_VERSION } from "../../pkg/api/labels.ts";
import type { Condition, ObjectMeta } from "../../pkg/api/meta.ts";
import type { TargetLock, TargetLockSpec, WorkflowHistory } from "../../pkg/api/target-lock.ts";
import type { PipelineRun, TektonCondition } from "../../pkg/api/tekton.ts";
import { toTimestamp } from "../../pkg/api/time.ts";
import type { FailureDetails, WorkflowExecution, WorkflowExecutionStatus } from "../../pkg/api/workflow-execution.ts";
import type { Judged } from "./change.ts";
import type { Told } from "./story.ts";

export const COOLDOWN_MS = 60_000;
export const LOCK_UID = "lock";
const HASH = "0".repeat(32);
const LOCK = `target-${HASH}`;
const BEGIN = Date.parse("2026-03-01T10:00:00Z");

/** Who is told of. */
export interface Part {
  /** Of the execution; its uid is w-NAME, that of its run r-NAME. */
  readonly name: string;
  /** When it is created, in seconds; its run is started 2 s and it ends 10 s later. */
  readonly at: number;
  readonly epoch: number;
  readonly workflowId?: string;
  /** The name of its bundle, where that isn't the workflow's. */
  readonly bundle?: string;
  readonly ending?: "Succeeded" | "Failed";
  /** What the lock remembers when it is taken. */
  readonly remembered?: readonly WorkflowHistory[];
}

/** A whole life, from the creation to the release of the target. */
export function aLife(part: Part): readonly Told[] {
  const { name, at } = part;
  return [
    { what: `${name} created`, kind: "execution", object: execution(part, at, { phase: "Pending" }) },
    { what: `${name} takes the lock`, kind: "lock", object: lock(part, at + 1, "Held") },
    { what: `${name}'s run created`, kind: "run", object: run(part, at + 1, "Pending") },
    { what: `${name} binds its run`, kind: "lock", object: lock(part, at + 1, "Bound") },
    { what: `${name} bound`, kind: "execution", object: execution(part, at + 1, { phase: "Pending" }) },
    { what: `${name}'s run started`, kind: "run", object: run(part, at + 2, "Started") },
    { what: `${name}'s run begun`, kind: "run", object: run(part, at + 3, "Running") },
    { what: `${name} running`, kind: "execution", object: execution(part, at + 3, { phase: "Running" }) },
    { what: `${name}'s task created`, kind: "taskRun", object: taskRun(part, "Unknown") },
    { what: `${name}'s pod created`, kind: "pod", object: pod(part, "Pending") },
    { what: `${name}'s pod running`, kind: "pod", object: pod(part, "Running") },
    { what: `${name}'s pod ended`, kind: "pod", object: pod(part, "Succeeded") },
    { what: `${name}'s task ended`, kind: "taskRun", object: taskRun(part, "True") },
    { what: `${name}'s run ended`, kind: "run", object: run(part, at + 9, "Done") },
    { what: `${name} ended`, kind: "execution", object: execution(part, at + 10, endOf(part)) },
    { what: `${name} gives the lock back`, kind: "lock", object: lock(part, at + 10, "Free") },
  ];
}

/** One that was skipped, because somebody else holds the target. */
export function aSkippedLife({ name, at }: Pick<Part, "name" | "at">): readonly Told[] {
  const part = { name, at, epoch: 0 };
  return [
    { what: `${name} created`, kind: "execution", object: execution(part, at, { phase: "Pending" }) },
    { what: `${name} skipped`, kind: "execution", object: execution(part, at, { phase: "Skipped", outcome: "n/a" }) },
  ];
}

const DIGEST = `sha256:${"a".repeat(64)}`;

function repositoryOf(bundle: string): string {
  return `registry.example.com/${bundle}`;
}

/** So many seconds after the beginning. */
export function time(seconds: number): string {
  return toTimestamp(BEGIN + seconds * 1000);
}

function meta(name: string, uid: string, at: number): ObjectMeta {
  return { name, uid, ...{ managedFields: [{ manager: "controller", time: time(at) }] } };
}

function execution(part: Part, at: number, status: WorkflowExecutionStatus): WorkflowExecution {
  const { name, workflowId = "restart", bundle = workflowId } = part;
  const isBound = status.phase !== "Skipped" && at > part.at;
  return {
    apiVersion: API_VERSION,
    kind: "WorkflowExecution",
    metadata: { ...meta(name, `w-${name}`, at), namespace: "remediation" },
    spec: {
      remediationRequestRef: { name: "request" },
      workflowRef: { workflowId, version: "1", containerImage: `${repositoryOf(bundle)}@${DIGEST}` },
      targetResource: "payment/deployment/api",
    },
    status: { ...status, ...(isBound ? boundTo(part) : {}) },
  };
}

function boundTo({ name, epoch }: Part): Partial<WorkflowExecutionStatus> {
  return {
    executionRef: { namespace: "runs", name: `run-${name}`, uid: `r-${name}` },
    locks: [{ name: LOCK, uid: LOCK_UID, epoch }],
  };
}

function endOf({ at, ending = "Succeeded" }: Part): WorkflowExecutionStatus {
  const lastTransitionTime = time(at + 10);
  const finished: Condition = { type: "Finished", status: "True", reason: ending, message: "", lastTransitionTime };
  const times = { startTime: time(at + 3), completionTime: time(at + 9), conditions: [finished] };
  if (ending === "Succeeded") return { phase: "Completed", outcome: "Success", ...times };
  return { phase: "Failed", outcome: "Failed", failureDetails: failureAt(at + 9), ...times };
}

/** The details of a failure in which a step had started. */
export function failureAt(at: number): FailureDetails {
  return {
    ...{ reason: "StepFailed", message: "a step failed", failedTaskIndex: 0, failedAt: time(at) },
    ...{ executionTimeBeforeFailure: "6s", naturalLanguageSummary: "a step failed" },
    wasExecutionFailure: true,
    confidence: "certain",
  };
}

function lock(part: Part, at: number, state: TargetLockSpec["state"]): TargetLock {
  const { name, epoch, workflowId = "restart", remembered = [] } = part;
  const holder = { namespace: "remediation", name, uid: `w-${name}`, workflowId, since: time(part.at + 1) };
  const bound = { namespace: "runs", name: `run-${name}`, uid: `r-${name}` };
  return {
    apiVersion: API_VERSION,
    kind: "TargetLock",
    metadata: meta(LOCK, LOCK_UID, at),
    spec: {
      formatVersion: 1,
      targetResource: "payment/deployments.apps/api",
      state,
      epoch,
      ...(state === "Free" ? {} : { holder }),
      ...(state === "Bound" ? { run: bound } : {}),
      workflows:
        state === "Free"
          ? [...remembered.filter((entry) => entry.workflowId !== workflowId), memoryOf(part)]
          : remembered,
    },
  };
}

/** What the lock remembers of one that has ended. */
export function memoryOf({ name, at, workflowId = "restart", ending = "Succeeded" }: Part): WorkflowHistory {
  const execution = { namespace: "remediation", name, uid: `w-${name}` };
  const bundle = { repository: repositoryOf(workflowId), digest: DIGEST };
  const common = { workflowId, bundle, lastExecution: execution, completedAt: time(at + 10) };
  if (ending === "Succeeded") {
    return { ...common, lastOutcome: "Success", cooldownEndsAt: time(at + 11 + COOLDOWN_MS / 1000) };
  }
  const blockedBy = { ...execution, since: time(at + 10), reason: "PreviousExecutionFailed" };
  return { ...common, lastOutcome: "Failed", blockedBy };
}

function run(part: Part, at: number, state: "Pending" | "Started" | "Running" | "Done"): PipelineRun {
  const hasBegun = state === "Running" || state === "Done";
  const conditions = [succeeded(state === "Done" ? (part.ending ?? "Succeeded") : "Unknown")];
  const completionTime = state === "Done" ? { completionTime: time(part.at + 9) } : {};
  return {
    metadata: { ...meta(`run-${part.name}`, `r-${part.name}`, at), namespace: "runs", labels: labelsOf(part) },
    spec: state === "Pending" ? { status: "PipelineRunPending" } : {},
    ...(hasBegun ? { status: { startTime: time(part.at + 3), conditions, ...completionTime } } : {}),
  };
}

function succeeded(reason: string): TektonCondition {
  const status = reason === "Succeeded" ? "True" : reason === "Failed" ? "False" : "Unknown";
  return { type: "Succeeded", status, reason };
}

function taskRun(part: Part, status: "Unknown" | "True"): Judged["taskRun"] {
  return {
    metadata: childOf(part, "task", { kind: "PipelineRun", uid: `r-${part.name}` }),
    status: { conditions: [{ type: "Succeeded", status }] },
  };
}

function pod(part: Part, phase: string): Judged["pod"] {
  const state = phase === "Pending" ? {} : { state: { running: { startedAt: time(part.at + 4) } } };
  return {
    metadata: childOf(part, "pod", { kind: "TaskRun", uid: `task-${part.name}` }),
    status: { phase, containerStatuses: [{ name: "step-act", ...state }] },
  };
}

function childOf(part: Part, kind: string, owner: { readonly kind: string; readonly uid: string }): ObjectMeta {
  const reference = { apiVersion: "tekton.dev/v1", name: "", controller: true, ...owner };
  return {
    ...meta(`${kind}-${part.name}`, `${kind}-${part.name}`, part.at),
    ...{ namespace: "runs", labels: labelsOf(part), ownerReferences: [reference] },
  };
}

function labelsOf({ name }: Part): Readonly<Record<string, string>> {
  return { "kubernaut.ai/workflow-execution-uid": `w-${name}`, "kubernaut.ai/target-hash": HASH };
}
