-- The audit trail: one row an event. What may change with the configuration (cluster_id, which parameters are shown) and
-- what PostgreSQL adds (seq, recorded_at) is outside content_hash, by which an event that is sent again is recognised.
CREATE TABLE audit.events (
  seq                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id             uuid        NOT NULL UNIQUE,
  recorded_at          timestamptz NOT NULL DEFAULT now(),
  encoding             smallint    NOT NULL,
  content_hash         bytea       NOT NULL,
  row_hash             bytea       NOT NULL,
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
  correlation_id       text        NOT NULL,
  remediation_uid      text,
  rationale            text,
  confidence           double precision,
  parameters           jsonb       NOT NULL,
  facts                jsonb       NOT NULL,
  execution_created_at timestamptz,
  started_at           timestamptz,
  completed_at         timestamptz,
  UNIQUE (wfe_uid, ordinal)
);

COMMENT ON TABLE audit.events IS 'What happened to workflow executions, in the order in which it was recorded.';
COMMENT ON COLUMN audit.events.event_id IS 'UUIDv5 of "<wfe uid>:<ordinal>:<event type>".';
COMMENT ON COLUMN audit.events.ordinal IS 'Number of the event among those of its execution, from 1 without gaps.';
COMMENT ON COLUMN audit.events.occurred_at IS 'By the clock of the Kubernetes API server.';
COMMENT ON COLUMN audit.events.recorded_at IS 'By the clock of PostgreSQL.';
COMMENT ON COLUMN audit.events.bundle_digest IS 'The digest that the event names: before the run what was asked, after it what was resolved.';
COMMENT ON COLUMN audit.events.service_account IS 'As which the run acts; before it is started, as which it was asked to act.';
COMMENT ON COLUMN audit.events.parameters IS 'Names of all parameters; values only of those that are named as harmless, else "redacted".';
COMMENT ON COLUMN audit.events.row_hash IS 'SHA-256 of all columns that the controller wrote; the receipt in the execution''s status has it too.';

CREATE INDEX events_correlation ON audit.events (correlation_id, seq);
CREATE INDEX events_target ON audit.events (target, occurred_at);
CREATE INDEX events_actor ON audit.events (actor, occurred_at);
CREATE INDEX events_type ON audit.events (event_type, occurred_at);
CREATE INDEX events_time ON audit.events USING brin (occurred_at);
