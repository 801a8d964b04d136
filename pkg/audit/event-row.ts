import type { AuditEntry, WorkflowExecution } from "../api/workflow-execution.ts";
import type { EventContent, EventRow } from "./event-content.ts";
import { contentHash, rowHash } from "./row-hash.ts";
import { eventId } from "./event-id.ts";
import { shownParameters } from "./shown-parameters.ts";
import { storable } from "./storable-text.ts";

type Facts = Readonly<Record<string, string>>;

/** What a row says beyond its execution. None of it is part of content_hash. */
export interface RowContext {
  readonly clusterId: string;
  /** Names of the parameters whose values are stored in clear; without it: those that repeat the target. */
  readonly shownParameters?: readonly string[];
}

/**
 * The row of one outbox entry. A function of the spec, the uid and the entry alone, whatever the status says meanwhile:
 * when it is built once more for sending again, it is the same (audit.md section 1).
 */
export function buildEventRow(execution: WorkflowExecution, entry: AuditEntry, context: RowContext): EventRow {
  const facts = entry.facts ?? {};
  const raw = {
    encoding: 1,
    ...eventColumns(execution, entry, facts),
    ...originColumns(execution, context),
    ...workflowColumns(execution, facts),
    ...runColumns(execution, facts),
    parameters: shownParameters(execution.spec.parameters ?? {}, context.shownParameters),
    facts,
  } as const satisfies EventContent;
  // storable() changes texts only, never the shape.
  const content = storable(raw) as unknown as EventContent;
  return { ...content, content_hash: contentHash(content), row_hash: rowHash(content) };
}

function eventColumns({ metadata, spec }: WorkflowExecution, entry: AuditEntry, facts: Facts) {
  const uid = metadata.uid ?? "";
  return {
    event_id: eventId(uid, entry.ordinal, entry.type),
    wfe_uid: uid,
    ordinal: entry.ordinal,
    event_type: entry.type,
    occurred_at: moment(entry.at) ?? entry.at,
    outcome: entry.outcome,
    reason: entry.reason ?? null,
    target: facts["targetResource"] ?? spec.targetResource,
    actor: facts["actor"] ?? null,
  };
}

function originColumns({ metadata, spec }: WorkflowExecution, context: RowContext) {
  return {
    cluster_id: context.clusterId,
    namespace: metadata.namespace ?? "",
    wfe_name: metadata.name,
    correlation_id: spec.remediationRequestRef.name,
    remediation_uid: spec.remediationRequestRef.uid ?? null,
    rationale: spec.rationale ?? null,
    confidence: spec.confidence ?? null,
  };
}

function workflowColumns({ spec: { workflowRef } }: WorkflowExecution, facts: Facts) {
  const image = workflowRef.containerImage ?? workflowRef.executionBundle;
  const [, inside] = image?.split("@") ?? [];
  return {
    workflow_id: workflowRef.workflowId,
    workflow_version: workflowRef.version,
    container_image: image ?? null,
    bundle_digest_asked: inside ?? workflowRef.containerDigest ?? workflowRef.executionBundleDigest ?? null,
    bundle_digest: facts["bundleDigest"] ?? null,
  };
}

function runColumns({ spec }: WorkflowExecution, facts: Facts) {
  const asked = spec.executionConfig?.serviceAccountName ?? spec.workflowRef.serviceAccountName;
  return {
    run_namespace: facts["runNamespace"] ?? null,
    run_name: facts["runName"] ?? null,
    run_uid: facts["runUid"] ?? null,
    service_account: facts["serviceAccount"] ?? asked ?? null,
    execution_created_at: moment(facts["createdAt"]),
    started_at: moment(facts["startTime"]),
    completed_at: moment(facts["completionTime"]),
  };
}

/** Null for what is no moment: the text itself stays among the facts. */
function moment(text: string | undefined): string | null {
  const ms = Date.parse(text ?? "");
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
