/** The objects with which a simulation begins, and their names. */
import { FINALIZER, LABEL_EXECUTION_UID, LABEL_TARGET_HASH } from "../../pkg/api/labels.ts";
import type { Pod } from "../../pkg/api/core.ts";
import type { TaskRun } from "../../pkg/api/tekton.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { lockName, targetHash } from "../../pkg/lock/lock-name.ts";
import { runName } from "../../pkg/tekton/run-name.ts";
import { TARGET } from "../support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../support/builders/a-workflow-execution.ts";
import { CREATED_AT } from "../support/builders/moments.ts";

/** All executions of a simulation want this lock. */
export const LOCK = lockName(TARGET);

/** One of the executions, and how its objects are called. */
export interface Subject {
  readonly index: number;
  readonly name: string;
  readonly uid: string;
  readonly run: string;
  readonly execution: WorkflowExecution;
}

/** The execution with that index, as its requester and the API server made it. */
export function aSubject(index: number, workflowId: string, hasFinalizer: boolean): Subject {
  const name = `w${String(index + 1)}`;
  const uid = `uid-of-${name}`;
  const execution = aWorkflowExecution({
    metadata: { name, uid, creationTimestamp: CREATED_AT, finalizers: hasFinalizer ? [FINALIZER] : [] },
    workflowRef: { workflowId },
  });
  return { index, name, uid, run: runName({ name, uid }), execution };
}

/** Uid of the n-th run that was created for an execution. */
export function runUid({ name }: Subject, n: number): string {
  return `uid-of-run-${String(n)}-of-${name}`;
}

/** The number in the uid of a run. */
export function runNumber(uid: string | undefined): number {
  return Number(/^uid-of-run-(\d+)-/.exec(uid ?? "")?.[1] ?? 0);
}

/** The only TaskRun of a run, at work. Its step has started: it may have changed the target. */
export function aWorkingTaskRun(subject: Subject): TaskRun {
  const steps = [{ name: "restart", running: { startedAt: CREATED_AT } }];
  const conditions = [{ type: "Succeeded", status: "Unknown", reason: "Running" } as const];
  return {
    ...child("TaskRun", subject),
    status: { podName: `${subject.run}-restart`, startTime: CREATED_AT, steps, conditions },
  };
}

/** The pod of that TaskRun, at work. */
export function aWorkingPod(subject: Subject): Pod {
  const containerStatuses = [{ name: "step-restart", state: { running: { startedAt: CREATED_AT } } }];
  return { ...child("Pod", subject), status: { phase: "Running", containerStatuses } };
}

function child(kind: string, { run, uid }: Subject): Pick<TaskRun, "kind" | "metadata"> {
  const name = `${run}-restart`;
  const labels = {
    [LABEL_EXECUTION_UID]: uid,
    [LABEL_TARGET_HASH]: targetHash(LOCK),
    "tekton.dev/pipelineTask": "restart",
  };
  return { kind, metadata: { name, namespace: "kubernaut-workflows", uid: `uid-of-${kind}-${name}`, labels } };
}
