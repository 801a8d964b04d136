import type { TargetLock } from "../api/target-lock.ts";
import type { Audited } from "./audited.ts";

/**
 * A target lock as the owner of an outbox: `spec.audit`, for acts on the lock itself (lock.md section 1). The lock goes
 * on and is taken by others while its event waits, so its rows are made from its name, its target and the event alone.
 */
export function auditedLock({ metadata, spec }: TargetLock): Audited {
  const { uid = "", resourceVersion, name } = metadata;
  return {
    uid,
    resourceVersion,
    ref: { kind: "lock", name },
    audit: spec.audit,
    parameters: {},
    columns: (facts) => ({
      target: facts["targetResource"] ?? spec.targetResource,
      workflow_id: facts["workflowId"] ?? "",
      workflow_version: "",
      container_image: null,
      bundle_digest_asked: null,
      service_account: null,
      // No remediation asked for it: the lock's name joins all that was done to the target itself.
      correlation_id: name,
      remediation_uid: null,
      rationale: null,
      confidence: null,
    }),
  };
}
