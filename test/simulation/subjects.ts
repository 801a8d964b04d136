/** The objects with which a simulation begins, and their names. */
import { FINALIZER, LABEL_EXECUTION_UID, LABEL_TARGET_HASH } from "../../pkg/api/labels.ts";
import type { Pod } from "../../pkg/api/core.ts";
import type { TaskRun } from "../../pkg/api/tekton.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { lockName, targetHash } from "../../pkg/lock/lock-name.ts";
import { runName } from "../../pkg/tekton/run-name.ts";
import { TARGET } from "../support/builders/a-target-lock.ts";
import { ASKED_DIGEST, aWorkflowExecution } from "../support/builders/a-workflow-execution.ts";
import { CREATED_AT } from "../support/builders/moments.ts";
import type { Asked } from "./bounds.ts";

/** All executions of a simulation want this lock. */
export const LOCK = lockName(TARGET);

/** One of the executions, and how its objects are called. */
export interface Subject {
  readonly index: number;
  readonly name: string;
  readonly uid: string;
  readonly asked: Asked;
  readonly bundle: string;
  readonly run: string;
}

/** The execution with that index. */
export function aSubject(index: number, asked: Asked): Subject {
  const name = `w${String(index + 1)}`;
  const uid = `uid-of-${name}`;
  return { index, name, uid, asked, bundle: asked.bundle ?? asked.workflow, run: runName({ name, uid }) };
}

export interface Birth {
  readonly creationTimestamp: string;
  readonly hasFinalizer: boolean;
}

/** The execution as its requester and the API server make it. */
export function anExecution({ name, uid, asked, bundle }: Subject, birth: Birth): WorkflowExecution {
  const { workflow: workflowId, onBusy, onCooldown } = asked;
  const { creationTimestamp, hasFinalizer } = birth;
  return aWorkflowExecution({
    metadata: { name, uid, creationTimestamp, finalizers: hasFinalizer ? [FINALIZER] : [] },
    workflowRef: { workflowId, containerImage: `registry.example/workflows/${bundle}@${ASKED_DIGEST}` },
    spec: { ...(onBusy && { onBusy }), ...(onCooldown && { onCooldown }) },
  });
}

/** Uid of the n-th run that was created for an execution. */
export function runUid({ name }: Subject, n: number): string {
  return `uid-of-run-${String(n)}-of-${name}`;
}

/** The number in the uid of a run. */
export function runNumber(uid: string | undefined): number {
  return Number(/^uid-of-run-(\d+)-/.exec(uid ?? "")?.[1] ?? 0);
}

/** Uid of the n-th lock of the target. */
export function lockUid(n: number): string {
  return `uid-of-lock-${String(n)}`;
}

/** Which taking of the target a lock's uid and epoch stand for: it only grows. */
export function fenceNumber(uid: string | undefined, epoch: number): number {
  return Number(/^uid-of-lock-(\d+)$/.exec(uid ?? "")?.[1] ?? 0) * 1000 + epoch;
}

/** Name of the only TaskRun of a run, and of its pod. */
export function taskRunName({ run }: Subject): string {
  return `${run}-restart`;
}

/** That TaskRun at work; its step hasn't started yet. */
export function aWorkingTaskRun(subject: Subject): TaskRun {
  const steps = [{ name: "restart", waiting: { reason: "PodInitializing" } }];
  const conditions = [{ type: "Succeeded", status: "Unknown", reason: "Running" } as const];
  return {
    ...child("TaskRun", subject),
    spec: {},
    status: { podName: taskRunName(subject), startTime: CREATED_AT, steps, conditions },
  };
}

/** The TaskRun once its step has started: it may have changed the target. */
export function withStartedStep(taskRun: TaskRun): TaskRun {
  return {
    ...taskRun,
    status: { ...taskRun.status, steps: [{ name: "restart", running: { startedAt: CREATED_AT } }] },
  };
}

/** Its pod, whose container hasn't started yet; the n-th of that name. */
export function aWaitingPod(subject: Subject, n: number): Pod {
  const { metadata, ...pod } = child("Pod", subject);
  return {
    ...pod,
    metadata: { ...metadata, uid: `${metadata.uid ?? ""}-${String(n)}` },
    status: { phase: "Pending" },
  };
}

/** The pod at work. */
export function withStartedContainer(pod: Pod): Pod {
  const containerStatuses = [{ name: "step-restart", state: { running: { startedAt: CREATED_AT } } }];
  return { ...pod, status: { phase: "Running", containerStatuses } };
}

function child(kind: string, subject: Subject): Pick<TaskRun, "kind" | "metadata"> {
  const name = taskRunName(subject);
  const labels = {
    [LABEL_EXECUTION_UID]: subject.uid,
    [LABEL_TARGET_HASH]: targetHash(LOCK),
    "tekton.dev/pipelineTask": "restart",
  };
  return { kind, metadata: { name, namespace: "kubernaut-workflows", uid: `uid-of-${kind}-${name}`, labels } };
}
