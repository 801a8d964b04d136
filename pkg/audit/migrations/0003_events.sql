SET LOCAL ROLE audit_owner;

-- The trail: one row an event, in the order of seq, from 1 without a gap. A partition is a month of recorded_at (UTC).
CREATE TABLE audit.events (
  seq                  bigint      NOT NULL,
  recorded_at          timestamptz NOT NULL,
  prev_hash            bytea       NOT NULL,
  row_hash             bytea       NOT NULL,
  encoding             smallint    NOT NULL CHECK (encoding = 1),
  event_id             uuid        NOT NULL,
  content_hash         bytea       NOT NULL CHECK (octet_length(content_hash) = 32),
  wfe_uid              text        NOT NULL,
  ordinal              integer     NOT NULL,
  event_type           text        NOT NULL,
  occurred_at          timestamptz NOT NULL,
  outcome              text        NOT NULL,
  reason               text,
  cluster_id           text        NOT NULL,
  namespace            text        NOT NULL,
  wfe_name             text        NOT NULL,
  target               text        NOT NULL,
  workflow_id          text        NOT NULL,
  workflow_version     text        NOT NULL,
  container_image      text,
  bundle_digest_asked  text,
  bundle_digest        text,
  run_namespace        text,
  run_name             text,
  run_uid              text,
  service_account      text,
  actor                text,
  actor_uid            text,
  actor_groups         text[],
  correlation_id       text        NOT NULL,
  remediation_uid      text,
  rationale            text,
  confidence           double precision,
  parameters           jsonb       NOT NULL,
  facts                jsonb       NOT NULL,
  lock_epoch           bigint,
  policy_hash          text,
  key_id               text,
  recorder             text,
  controller_version   text,
  execution_created_at timestamptz,
  started_at           timestamptz,
  completed_at         timestamptz,
  -- Without the partition's key no index can be unique in all partitions; audit.keys is what makes events unique.
  PRIMARY KEY (seq, recorded_at)
) PARTITION BY RANGE (recorded_at);

CREATE INDEX events_execution ON audit.events (wfe_uid, ordinal);
CREATE INDEX events_name ON audit.events (wfe_name, namespace);
CREATE INDEX events_correlation ON audit.events (correlation_id, seq);
CREATE INDEX events_target ON audit.events (target, occurred_at);
CREATE INDEX events_workflow ON audit.events (workflow_id, occurred_at);
CREATE INDEX events_actor ON audit.events (actor, occurred_at);
CREATE INDEX events_type ON audit.events (event_type, occurred_at);
CREATE INDEX events_run ON audit.events (run_uid);
CREATE INDEX events_time ON audit.events USING brin (occurred_at);

COMMENT ON TABLE audit.events IS 'What happened to workflow executions, to target locks and to this trail, in the order in which it was recorded.';
COMMENT ON COLUMN audit.events.seq IS 'Place in the trail, from 1 without gaps.';
COMMENT ON COLUMN audit.events.recorded_at IS 'By the clock of PostgreSQL; never before that of an earlier row.';
COMMENT ON COLUMN audit.events.prev_hash IS 'row_hash of the row before; of the first one: SHA-256 of "workflow-execution audit <origin>".';
COMMENT ON COLUMN audit.events.row_hash IS 'SHA-256 of prev_hash and of all other columns as audit.row_text writes them; the receipt in the execution or lock has it too.';
COMMENT ON COLUMN audit.events.encoding IS 'Version of the columns and of how they are written for row_hash.';
COMMENT ON COLUMN audit.events.event_id IS 'UUIDv5 of "<wfe_uid>:<ordinal>:<event type>".';
COMMENT ON COLUMN audit.events.content_hash IS 'SHA-256 of what the event says whatever the configuration: by it an event that is sent again is recognised.';
COMMENT ON COLUMN audit.events.wfe_uid IS 'UID of the WorkflowExecution; of the TargetLock where namespace is empty; of the event itself where it is about the trail.';
COMMENT ON COLUMN audit.events.ordinal IS 'Number of the event among those of its execution or lock, from 1 without gaps.';
COMMENT ON COLUMN audit.events.occurred_at IS 'By the clock of the Kubernetes API server.';
COMMENT ON COLUMN audit.events.namespace IS 'Of the WorkflowExecution; empty for a TargetLock.';
COMMENT ON COLUMN audit.events.wfe_name IS 'Name of the WorkflowExecution or TargetLock.';
COMMENT ON COLUMN audit.events.workflow_version IS 'Empty for a TargetLock.';
COMMENT ON COLUMN audit.events.bundle_digest_asked IS 'The digest that the request names.';
COMMENT ON COLUMN audit.events.bundle_digest IS 'The digest that the event names: before the run what was asked, after it what was resolved.';
COMMENT ON COLUMN audit.events.service_account IS 'As which the run acts; before it is started, as which it was asked to act.';
COMMENT ON COLUMN audit.events.actor IS 'Who did it, as the API server authenticated them, where that is known.';
COMMENT ON COLUMN audit.events.correlation_id IS 'Name of the remediation request; for a TargetLock its own name.';
COMMENT ON COLUMN audit.events.parameters IS 'Names of all parameters; values only of those that are named as harmless.';
COMMENT ON COLUMN audit.events.lock_epoch IS 'How often the target''s lock was taken until then, this time included.';
COMMENT ON COLUMN audit.events.policy_hash IS 'Of the configuration that was in force.';
COMMENT ON COLUMN audit.events.key_id IS 'Of the key by which hidden values are hashed.';
COMMENT ON COLUMN audit.events.recorder IS 'The controller that recorded it.';
