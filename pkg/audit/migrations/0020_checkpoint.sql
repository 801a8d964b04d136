SET LOCAL ROLE audit_owner;

-- The end of the trail, for whoever signs or compares it. timeline grows with every promotion of a standby; NULL on one.
CREATE FUNCTION audit.checkpoint(OUT origin uuid, OUT seq bigint, OUT row_hash bytea, OUT timeline text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT h.origin, h.seq, h.row_hash,
    CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) END
  FROM audit.head AS h;
END;

-- The hash of one row: whether what was said of it once is still in the trail. NULL where there is no such row.
CREATE FUNCTION audit.hash_at(wanted bigint) RETURNS bytea
LANGUAGE sql SECURITY DEFINER STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT e.row_hash FROM audit.events AS e WHERE e.seq = wanted;
END;
