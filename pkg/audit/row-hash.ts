import { sha256Hex } from "../api/sha256.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { JsonValue } from "./canonical-json.ts";
import type { EventContent } from "./event-content.ts";

/**
 * The columns of encoding 1 in the order in which they are hashed. Never changed: a new column is a new encoding, so
 * that rows that are already recorded can still be verified.
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

/** SHA-256 of everything that is written of an event: what a receipt proves. 64 hex digits. */
export function rowHash(content: EventContent): string {
  return hashColumns(hashedColumns.map((column) => content[column]));
}

/**
 * SHA-256 of what an event says, however the controller is configured: by it an event that is sent again is recognised.
 * Without the cluster's id, and of the parameters only the names, because another configuration of either must not turn
 * an event whose receipt was lost in a crash into a different one.
 */
export function contentHash(content: EventContent): string {
  const independent = { ...content, cluster_id: "", parameters: Object.keys(content.parameters).sort() };
  return hashColumns(hashedColumns.map((column) => independent[column]));
}

function hashColumns(values: readonly JsonValue[]): string {
  return sha256Hex(canonicalJson(values));
}
