import { hiddenValues, withoutValues } from "../api/hidden-values.ts";
import { redact } from "../api/redact.ts";
import type { AuditEntry } from "../api/workflow-execution.ts";
import type { Audited } from "./audited.ts";
import { contentHash } from "./content-hash.ts";
import type { EventContent, EventRow } from "./event-content.ts";
import { eventId } from "./event-id.ts";
import { shownParameters, type ShownValues } from "./shown-parameters.ts";
import { storable } from "./storable-text.ts";

type Texts = Readonly<Record<string, string>>;

/** What a row says beyond its object and its event. None of it is part of content_hash. */
export interface RowContext extends ShownValues {
  readonly clusterId: string;
  /** SHA-256 of the configuration that is in force. */
  readonly policyHash?: string;
  /** Who records: the controller's pod, and its epoch. */
  readonly recorder?: string;
  readonly controllerVersion?: string;
}

/**
 * The row of one outbox entry. A function of what can't change in the object and of the entry alone, whatever the object's
 * state says meanwhile: when it is built once more for sending again, it is the same (audit.md section 1).
 */
export function buildEventRow(audited: Audited, entry: AuditEntry, context: RowContext): EventRow {
  const facts = entry.facts ?? {};
  const { uid, ref, parameters } = audited;
  const columns = audited.columns(facts);
  const raw = {
    encoding: 1,
    ...eventColumns(uid, entry),
    ...contextColumns(context),
    namespace: ref.namespace ?? "",
    wfe_name: ref.name,
    ...columns,
    ...factColumns(facts),
    rationale: shownRationale(columns, parameters, context.shownParameters),
    parameters: shownParameters(parameters, context),
    facts,
  } as const satisfies EventContent;
  // storable() changes texts only, never the shape.
  const content = storable(raw) as unknown as EventContent;
  // Which parameters are shown is configuration, which must not turn an event into another one: hashed as if none were.
  const rationale = storable(shownRationale(columns, parameters, [])) as string | null;
  return { ...content, content_hash: contentHash({ ...content, rationale }) };
}

/** Without the values of hidden parameters, and without what looks like a secret. */
function shownRationale(
  { rationale, target }: Pick<EventContent, "rationale" | "target">,
  parameters: Texts,
  shown: readonly string[] = [],
): string | null {
  return rationale === null
    ? null
    : redact(withoutValues(rationale, hiddenValues(parameters, { shown, known: target })));
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

type ContextColumns = Pick<EventContent, "cluster_id" | "policy_hash" | "key_id" | "recorder" | "controller_version">;

/** The columns of whoever records, whatever the event is about. */
export function contextColumns(context: RowContext): ContextColumns {
  const { clusterId, policyHash, hmacKey, recorder, controllerVersion } = context;
  return {
    cluster_id: clusterId,
    policy_hash: policyHash ?? null,
    key_id: hmacKey?.id ?? null,
    recorder: recorder ?? null,
    controller_version: controllerVersion ?? null,
  };
}

function factColumns(facts: Texts) {
  return {
    actor: facts["actor"] ?? null,
    actor_uid: facts["actorUid"] ?? null,
    actor_groups: groups(facts["actorGroups"]),
    lock_epoch: epoch(facts["lockEpoch"]),
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

/** A list of names in JSON. Null for what is none: the text itself stays among the facts. */
function groups(text = "null"): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((name) => typeof name === "string") ? value : null;
  } catch {
    return null;
  }
}

function epoch(text: string | undefined): number | null {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : null;
}
