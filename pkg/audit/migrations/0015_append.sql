SET LOCAL ROLE audit_keeper;

-- The only way in.
CREATE FUNCTION audit.append(events jsonb[]) RETURNS TABLE (event_id uuid, seq bigint, row_hash bytea, refusal text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT a.event_id, a.seq, a.row_hash, a.refusal FROM audit.append_at(events, clock_timestamp()) AS a;
END;
