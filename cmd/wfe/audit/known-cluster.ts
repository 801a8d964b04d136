import { LABEL_EXECUTION_UID } from "../../../pkg/api/labels.ts";
import type { TargetLock } from "../../../pkg/api/target-lock.ts";
import type { PipelineRun } from "../../../pkg/api/tekton.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import { auditedLock } from "../../../pkg/audit/audited-lock.ts";
import type { Compared } from "../../../pkg/audit/completeness/compared.ts";
import type { KnownCluster, KnownRun } from "../../../pkg/audit/completeness/completeness-check.ts";
import { knownObject } from "../../../pkg/audit/completeness/known-object.ts";
import type { KnownObject } from "../../../pkg/audit/completeness/known-object.ts";
import { createClusterApi, resourceTypes } from "../../../pkg/kube/cluster-api.ts";
import type { Connection } from "../../../pkg/kube/connection.ts";
import { listAll } from "../../../pkg/kube/list-all.ts";
import { isStarted } from "../../../pkg/tekton/run-state.ts";

/**
 * What the cluster has. The runs first: of every run that is started then, its execution has said so before, in its
 * outbox or in the trail.
 *
 * @throws ApiError
 */
export async function readCluster(connection: Connection): Promise<KnownCluster> {
  const { runs, executions, locks } = resourceTypes;
  const ours = { labelSelector: LABEL_EXECUTION_UID };
  const knownRuns = await listAll(connection, { type: runs, selection: ours, keep: knownRun });
  const knownExecutions = await listAll(connection, { type: executions, keep: knownExecution });
  const knownLocks = await listAll(connection, { type: locks, keep: knownLock });
  return { runs: knownRuns, objects: [...knownExecutions, ...knownLocks] };
}

/** The object of a suspect as it is now; undefined where it is gone, also where another one has its name. */
export async function readObject(connection: Connection, suspect: Compared): Promise<KnownObject | undefined> {
  const { kind, namespace, name, uid } = suspect;
  const api = createClusterApi(connection);
  const lock = kind === "lock" ? await api.locks.get({ name }) : undefined;
  const execution = kind === "execution" ? await api.executions.get({ namespace, name }) : undefined;
  const object = lock === undefined ? execution && knownExecution(execution) : knownLock(lock);
  return object?.uid === uid ? object : undefined;
}

function knownExecution(execution: WorkflowExecution): KnownObject {
  return knownObject(auditedExecution(execution));
}

function knownLock(lock: TargetLock): KnownObject {
  return knownObject(auditedLock(lock));
}

function knownRun(run: PipelineRun): KnownRun {
  const { uid = "", namespace = "", name } = run.metadata;
  return { uid, namespace, name, isStarted: isStarted(run) };
}
