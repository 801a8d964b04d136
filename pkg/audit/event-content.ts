type Texts = Readonly<Record<string, string>>;

/** What the controller writes of an event: the columns of audit.events under their names, null for what isn't known. */
export interface EventContent {
  /** Version of the columns and of how they are hashed. */
  readonly encoding: 1;
  readonly event_id: string;
  /** UID of the execution; of the target lock where namespace is empty, whose own acts are recorded too. */
  readonly wfe_uid: string;
  readonly ordinal: number;
  readonly event_type: string;
  /** RFC 3339, UTC, milliseconds, as all times here. */
  readonly occurred_at: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly cluster_id: string;
  /** Empty for a target lock. */
  readonly namespace: string;
  readonly wfe_name: string;
  /** The canonical target where the event names it, else what the spec says. */
  readonly target: string;
  readonly workflow_id: string;
  /** Empty for a target lock, which remembers a workflow whatever its version. */
  readonly workflow_version: string;
  readonly container_image: string | null;
  readonly bundle_digest_asked: string | null;
  readonly bundle_digest: string | null;
  readonly run_namespace: string | null;
  readonly run_name: string | null;
  readonly run_uid: string | null;
  readonly service_account: string | null;
  readonly actor: string | null;
  readonly actor_uid: string | null;
  readonly actor_groups: readonly string[] | null;
  /** Name of the remediation request; for a target lock its own name. */
  readonly correlation_id: string;
  readonly remediation_uid: string | null;
  readonly rationale: string | null;
  readonly confidence: number | null;
  readonly parameters: Texts;
  readonly facts: Texts;
  /** How often the target's lock was taken until then, this time included. */
  readonly lock_epoch: number | null;
  /** Of the configuration that was in force. */
  readonly policy_hash: string | null;
  /** Of the key by which hidden values are hashed. */
  readonly key_id: string | null;
  /** The controller that records it, and its epoch. */
  readonly recorder: string | null;
  readonly controller_version: string | null;
  readonly execution_created_at: string | null;
  readonly started_at: string | null;
  readonly completed_at: string | null;
}

/** A row of audit.events, but for what PostgreSQL adds: its place, its time and the hashes of the chain. */
export interface EventRow extends EventContent {
  /** SHA-256, lower-case hex (content-hash.ts). */
  readonly content_hash: string;
}
