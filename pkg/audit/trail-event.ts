import { toTimestamp } from "../api/time.ts";
import type { Anchor } from "./verify/trail-check.ts";
import { contentHash } from "./content-hash.ts";
import type { EventContent, EventRow } from "./event-content.ts";
import { eventId } from "./event-id.ts";
import { contextColumns, type RowContext } from "./event-row.ts";
import { storable } from "./storable-text.ts";

/** An event about the trail itself, that a controller has noticed or done. It belongs to no execution and no lock. */
export interface TrailEvent {
  readonly type: "audit.started" | "audit.stopped" | "audit.checkpoint" | "chain.fork" | "config.changed";
  /** What makes it the same event when it is noted once more, also by another controller. */
  readonly key: string;
  /** RFC 3339, by the API server's clock. */
  readonly at: string;
  readonly reason?: string;
  readonly facts: Readonly<Record<string, string>>;
}

/** Rows that were on record are gone, as after a failover or the restore of an older copy. */
export function forkEvent({ seq, hash }: Anchor, now: number): TrailEvent {
  return {
    type: "chain.fork",
    key: `${String(seq)}:${hash}`,
    at: toTimestamp(now),
    reason: "RowsLost",
    facts: { lostSeq: String(seq), lostHash: hash },
  };
}

/** Its row; like the events that the database itself records of the trail, it is an object of its own (0016_append_own.sql). */
export function buildTrailRow({ type, key, at, reason, facts }: TrailEvent, context: RowContext): EventRow {
  const id = eventId(key, 1, type);
  const raw = {
    ...nothing,
    ...contextColumns(context),
    event_id: id,
    wfe_uid: id,
    event_type: type,
    occurred_at: new Date(at).toISOString(),
    outcome: type === "chain.fork" ? "failure" : "success",
    reason: reason ?? null,
    facts,
  } as const satisfies EventContent;
  // storable() changes texts only, never the shape.
  const content = storable(raw) as unknown as EventContent;
  return { ...content, content_hash: contentHash(content) };
}

/** The columns that say of which execution an event is. */
const nothing = {
  encoding: 1,
  ordinal: 1,
  namespace: "",
  wfe_name: "audit",
  target: "",
  workflow_id: "",
  workflow_version: "",
  container_image: null,
  bundle_digest_asked: null,
  bundle_digest: null,
  run_namespace: null,
  run_name: null,
  run_uid: null,
  service_account: null,
  actor: null,
  actor_uid: null,
  actor_groups: null,
  correlation_id: "audit",
  remediation_uid: null,
  rationale: null,
  confidence: null,
  parameters: {},
  lock_epoch: null,
  execution_created_at: null,
  started_at: null,
  completed_at: null,
} as const;
