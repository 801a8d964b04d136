import type { AuditEntry } from "../api/workflow-execution.ts";
import type { Audited } from "./audited.ts";
import type { EventContent, EventRow } from "./event-content.ts";
import { contentHash, rowHash } from "./row-hash.ts";
import { eventId } from "./event-id.ts";
import { shownParameters } from "./shown-parameters.ts";
import { storable } from "./storable-text.ts";

type Facts = Readonly<Record<string, string>>;

/** What a row says beyond its object and its event. None of it is part of content_hash. */
export interface RowContext {
  readonly clusterId: string;
  /** Names of the parameters whose values are stored in clear; without it: those that repeat the target. */
  readonly shownParameters?: readonly string[];
}

/**
 * The row of one outbox entry. A function of what can't change in the object and of the entry alone, whatever the object's
 * state says meanwhile: when it is built once more for sending again, it is the same (audit.md section 1).
 */
export function buildEventRow(audited: Audited, entry: AuditEntry, context: RowContext): EventRow {
  const facts = entry.facts ?? {};
  const { uid, ref, parameters } = audited;
  const raw = {
    encoding: 1,
    ...eventColumns(uid, entry),
    cluster_id: context.clusterId,
    namespace: ref.namespace ?? "",
    wfe_name: ref.name,
    ...audited.columns(facts),
    ...factColumns(facts),
    parameters: shownParameters(parameters, context.shownParameters),
    facts,
  } as const satisfies EventContent;
  // storable() changes texts only, never the shape.
  const content = storable(raw) as unknown as EventContent;
  return { ...content, content_hash: contentHash(content), row_hash: rowHash(content) };
}

function eventColumns(uid: string, { ordinal, type, at, outcome, reason }: AuditEntry) {
  return {
    event_id: eventId(uid, ordinal, type),
    wfe_uid: uid,
    ordinal,
    event_type: type,
    occurred_at: moment(at) ?? at,
    outcome,
    reason: reason ?? null,
  };
}

function factColumns(facts: Facts) {
  return {
    actor: facts["actor"] ?? null,
    bundle_digest: facts["bundleDigest"] ?? null,
    run_namespace: facts["runNamespace"] ?? null,
    run_name: facts["runName"] ?? null,
    run_uid: facts["runUid"] ?? null,
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
