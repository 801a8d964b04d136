SET LOCAL ROLE audit_owner;

-- A value so that it can't run into the next one: its length in bytes, a colon and itself, or - for NULL.
CREATE FUNCTION audit.field(value text) RETURNS text LANGUAGE sql IMMUTABLE
  RETURN coalesce(octet_length(value)::text || ':' || value, '-');

-- Microseconds since 1970, whatever the session's settings.
CREATE FUNCTION audit.time_text(moment timestamptz) RETURNS text LANGUAGE sql IMMUTABLE
  RETURN round(extract(epoch FROM moment) * 1000000)::text;

-- All that is hashed of a row but prev_hash, in encoding 1, which it starts with. pkg/audit/verify writes the same from
-- what it reads, so that whoever verifies needn't trust this function. Never changed: new columns are a new encoding.
CREATE FUNCTION audit.row_text(e audit.events) RETURNS text LANGUAGE sql STABLE
  RETURN audit.field(e.encoding::text)
    || audit.field(e.seq::text)
    || audit.field(audit.time_text(e.recorded_at))
    || audit.field(e.event_id::text)
    || audit.field(encode(e.content_hash, 'hex'))
    || audit.field(e.wfe_uid)
    || audit.field(e.ordinal::text)
    || audit.field(e.event_type)
    || audit.field(audit.time_text(e.occurred_at))
    || audit.field(e.outcome)
    || audit.field(e.reason)
    || audit.field(e.cluster_id)
    || audit.field(e.namespace)
    || audit.field(e.wfe_name)
    || audit.field(e.target)
    || audit.field(e.workflow_id)
    || audit.field(e.workflow_version)
    || audit.field(e.container_image)
    || audit.field(e.bundle_digest_asked)
    || audit.field(e.bundle_digest)
    || audit.field(e.run_namespace)
    || audit.field(e.run_name)
    || audit.field(e.run_uid)
    || audit.field(e.service_account)
    || audit.field(e.actor)
    || audit.field(e.actor_uid)
    || audit.field(e.actor_groups::text)
    || audit.field(e.correlation_id)
    || audit.field(e.remediation_uid)
    || audit.field(e.rationale)
    || audit.field(encode(float8send(e.confidence), 'hex'))
    || audit.field(e.parameters::text)
    || audit.field(e.facts::text)
    || audit.field(e.lock_epoch::text)
    || audit.field(e.policy_hash)
    || audit.field(e.key_id)
    || audit.field(e.recorder)
    || audit.field(e.controller_version)
    || audit.field(audit.time_text(e.execution_created_at))
    || audit.field(audit.time_text(e.started_at))
    || audit.field(audit.time_text(e.completed_at));
