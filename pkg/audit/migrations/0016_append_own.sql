SET LOCAL ROLE audit_keeper;

-- Records what was done to the trail itself, by whoever is logged in. Gives its number.
CREATE FUNCTION audit.append_own(event_type text, reason text, facts jsonb, moment timestamptz) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT a.seq FROM gen_random_uuid() AS id, audit.append_at(ARRAY[jsonb_build_object(
    'encoding', 1,
    'event_id', id,
    'content_hash', sha256(convert_to(jsonb_build_array(id, event_type, reason, facts)::text, 'UTF8')),
    'wfe_uid', id,
    'ordinal', 1,
    'event_type', event_type,
    'occurred_at', moment,
    'outcome', 'success',
    'reason', reason,
    'cluster_id', '',
    'namespace', '',
    'wfe_name', 'audit',
    'target', '',
    'workflow_id', '',
    'workflow_version', '',
    'actor', session_user,
    'correlation_id', 'audit',
    'parameters', '{}'::jsonb,
    'facts', facts
  )], moment) AS a;
END;
