import { sha256Hex } from "../api/sha256.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { EventContent } from "./event-content.ts";

/**
 * What an event says by its object's spec and its entry alone, in the order in which it is hashed. Never changed: recorded
 * events would no longer be recognised. A column that is made from the facts (lock_epoch) or that depends on who records
 * (recorder, key_id, policy_hash) isn't here.
 */
const hashedColumns = [
  "encoding",
  "event_id",
  "wfe_uid",
  "ordinal",
  "event_type",
  "occurred_at",
  "outcome",
  "reason",
  "cluster_id",
  "namespace",
  "wfe_name",
  "target",
  "workflow_id",
  "workflow_version",
  "container_image",
  "bundle_digest_asked",
  "bundle_digest",
  "run_namespace",
  "run_name",
  "run_uid",
  "service_account",
  "actor",
  "correlation_id",
  "remediation_uid",
  "rationale",
  "confidence",
  "parameters",
  "facts",
  "execution_created_at",
  "started_at",
  "completed_at",
] as const satisfies readonly (keyof EventContent)[];

/**
 * SHA-256 of what an event says, however the controller is configured: by it an event that is sent again is recognised.
 * Without the cluster's id, and of the parameters only the names (whoever calls it has taken their values out of the
 * rationale, too), because another configuration must not turn an event whose receipt was lost in a crash into a
 * different one. 64 hex digits.
 */
export function contentHash(content: EventContent): string {
  const independent = { ...content, cluster_id: "", parameters: Object.keys(content.parameters).sort() };
  return sha256Hex(canonicalJson(hashedColumns.map((column) => independent[column])));
}
