import type { TargetLock } from "../../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { readRecord, type CheckpointRecord } from "../../../pkg/audit/checkpoint/checkpoint-record.ts";
import type { Anchor } from "../../../pkg/audit/verify/trail-check.ts";
import { createCheckpointStore } from "../../../pkg/kube/checkpoint-store.ts";
import { resourceTypes } from "../../../pkg/kube/cluster-api.ts";
import { listAll } from "../../../pkg/kube/list-all.ts";
import type { ClusterSource } from "./parse-verify.ts";
import { withConnection } from "./with-connection.ts";

/** What a cluster says of the trail. */
export interface ClusterEvidence {
  readonly record: CheckpointRecord;
  /** The last recorded event of each execution and lock. */
  readonly receipts: readonly Anchor[];
}

/** Reads all checkpoints, and the receipts of all executions and locks, page by page. Throws ApiError. */
export async function readClusterEvidence({ kubeconfig, namespace }: ClusterSource): Promise<ClusterEvidence> {
  return withConnection(kubeconfig, async (connection) => {
    const { data } = await createCheckpointStore(connection, namespace).read();
    const { executions, locks } = resourceTypes;
    const receipts = [
      ...(await listAll(connection, { type: executions, keep: ofExecution })),
      ...(await listAll(connection, { type: locks, keep: ofLock })),
    ];
    return { record: readRecord(data), receipts: receipts.flatMap(anchorOf) };
  });
}

interface Receipt {
  readonly seq?: number;
  readonly hash?: string;
}

function ofExecution({ status }: WorkflowExecution): Receipt {
  return status?.audit ?? {};
}

function ofLock({ spec }: TargetLock): Receipt {
  return spec.audit ?? {};
}

function anchorOf({ seq, hash }: Receipt): readonly Anchor[] {
  return seq === undefined || hash === undefined ? [] : [{ seq, hash }];
}
