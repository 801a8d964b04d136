SET LOCAL ROLE audit_keeper;

-- Makes the partition of this moment and the next one, and seals those before. Whoever calls it has locked the head.
CREATE FUNCTION audit.prepare_partitions(moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  this text := audit.partition_name(moment);
  past text;
BEGIN
  PERFORM audit.add_partition(this);
  PERFORM audit.add_partition(audit.partition_name(audit.partition_end(this)));
  FOR past IN SELECT p.name FROM audit.partitions AS p WHERE p.name < this AND p.last_seq IS NULL ORDER BY p.name LOOP
    PERFORM audit.seal_partition(past);
  END LOOP;
END $$;
