import { LABEL_EXECUTION_UID } from "../../../pkg/api/labels.ts";
import type { KubernetesObject } from "../../../pkg/api/meta.ts";
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
import { listPage, type Selection } from "../../../pkg/kube/list-watch.ts";
import type { ResourceType } from "../../../pkg/kube/resource-path.ts";
import { ApiError } from "../../../pkg/runtime/api-error.ts";
import { isStarted } from "../../../pkg/tekton/run-state.ts";

const PAGE_SIZE = 500;
/** How often a list whose continue token has expired begins anew. */
const LIST_TRIES = 3;

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
  const knownExecutions = await listAll(connection, { type: executions, selection: {}, keep: knownExecution });
  const knownLocks = await listAll(connection, { type: locks, selection: {}, keep: knownLock });
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

interface Listing<T, P> {
  readonly type: ResourceType;
  readonly selection: Selection;
  /** What is kept of an object: the object itself is let go with its page. */
  readonly keep: (object: T) => P;
}

async function listAll<T extends KubernetesObject, P>(
  connection: Connection,
  listing: Listing<T, P>,
): Promise<readonly P[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await listOnce(connection, listing);
    } catch (error) {
      const isExpired = error instanceof ApiError && error.facts.kind === "expired";
      if (!isExpired || tries >= LIST_TRIES) throw error;
    }
  }
}

async function listOnce<T extends KubernetesObject, P>(
  connection: Connection,
  { type, selection, keep }: Listing<T, P>,
): Promise<readonly P[]> {
  const kept: P[] = [];
  let token = "";
  do {
    const page = await listPage<T>(connection, type, selection, {
      limit: PAGE_SIZE,
      ...(token === "" ? {} : { continue: token }),
    });
    kept.push(...page.items.map(keep));
    token = page.continue ?? "";
  } while (token !== "");
  return kept;
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
