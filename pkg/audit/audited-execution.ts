import { redact } from "../api/redact.ts";
import type { WorkflowExecution, WorkflowExecutionSpec } from "../api/workflow-execution.ts";
import type { Audited, ObjectColumns } from "./audited.ts";

/** An execution as the owner of an outbox: `status.audit`. Its rows are made from its spec, which never changes. */
export function auditedExecution({ metadata, spec, status }: WorkflowExecution): Audited {
  const { uid = "", resourceVersion, namespace = "", name } = metadata;
  return {
    uid,
    resourceVersion,
    ref: { kind: "execution", namespace, name },
    audit: status?.audit,
    parameters: spec.parameters ?? {},
    columns: (facts) => executionColumns(spec, facts),
  };
}

function executionColumns(spec: WorkflowExecutionSpec, facts: Readonly<Record<string, string>>): ObjectColumns {
  return {
    target: facts["targetResource"] ?? spec.targetResource,
    ...workflowColumns(spec),
    service_account: facts["serviceAccount"] ?? askedServiceAccount(spec),
    correlation_id: redact(spec.remediationRequestRef.name),
    remediation_uid: redactIfAny(spec.remediationRequestRef.uid),
    rationale: spec.rationale ?? null,
    confidence: spec.confidence ?? null,
  };
}

function redactIfAny(text: string | undefined): string | null {
  return text === undefined ? null : redact(text);
}

function workflowColumns({ workflowRef }: WorkflowExecutionSpec) {
  const image = workflowRef.containerImage ?? workflowRef.executionBundle;
  const [, inside] = image?.split("@") ?? [];
  return {
    workflow_id: workflowRef.workflowId,
    workflow_version: workflowRef.version,
    container_image: image ?? null,
    bundle_digest_asked: inside ?? workflowRef.containerDigest ?? workflowRef.executionBundleDigest ?? null,
  };
}

function askedServiceAccount({ executionConfig, workflowRef }: WorkflowExecutionSpec): string | null {
  return executionConfig?.serviceAccountName ?? workflowRef.serviceAccountName ?? null;
}
