-- Everybody may execute a new function unless it is taken away.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;

GRANT EXECUTE ON FUNCTION audit.append(jsonb[]) TO audit_writer;
GRANT EXECUTE ON FUNCTION audit.checkpoint(), audit.hash_at(bigint) TO audit_writer, audit_reader;

GRANT SELECT ON audit.events, audit.keys, audit.head, audit.partitions, audit.holds, audit.retention_period TO audit_reader;
GRANT SELECT ON public.workflow_execution_audit TO audit_reader;

GRANT EXECUTE ON FUNCTION audit.drop_partition(text) TO audit_retention;
GRANT EXECUTE ON FUNCTION audit.place_hold(timestamptz, timestamptz, text), audit.release_hold(uuid, text) TO audit_retention;
-- What can be dropped and what is held.
GRANT SELECT ON audit.partitions, audit.holds, audit.retention_period TO audit_retention;
