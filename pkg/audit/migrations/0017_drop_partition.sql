SET LOCAL ROLE audit_keeper;

-- Drops the oldest partition. It must be sealed, past the retention period at that moment, and without a hold. The event
-- that is recorded for it names the last number and hash that are gone: with it the rest can still be verified.
CREATE FUNCTION audit.drop_partition_at(wanted text, moment timestamptz) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  part    audit.partitions;
  ends    timestamptz;
  dropped bigint;
BEGIN
  PERFORM FROM audit.head AS h FOR UPDATE;
  SELECT p.* INTO part FROM audit.partitions AS p WHERE p.dropped_by_seq IS NULL ORDER BY p.name LIMIT 1;
  IF part.name IS DISTINCT FROM wanted THEN
    RAISE EXCEPTION '% is not the oldest partition, which is %', wanted, part.name
      USING ERRCODE = 'object_not_in_prerequisite_state';
  ELSIF part.last_seq IS NULL THEN
    RAISE EXCEPTION 'partition % is not sealed', wanted USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  ends := audit.partition_end(wanted);
  IF EXISTS (SELECT FROM audit.retention_period AS r WHERE ends > moment - r.period) THEN
    RAISE EXCEPTION 'partition % is within the retention period', wanted USING ERRCODE = 'insufficient_privilege';
  ELSIF EXISTS (SELECT FROM audit.holds AS h
    WHERE h.released_seq IS NULL AND (h.from_time < ends AND h.to_time > audit.partition_start(wanted)
      -- Nor the event that placed a hold: as long as this is in force, the trail says so.
      OR h.placed_seq BETWEEN part.first_seq AND part.last_seq)) THEN
    RAISE EXCEPTION 'partition % is under a hold', wanted USING ERRCODE = 'insufficient_privilege';
  END IF;
  dropped := audit.append_own('audit.retention', 'RetentionPeriodOver', jsonb_build_object(
    'partition', wanted, 'firstSeq', part.first_seq::text, 'lastSeq', part.last_seq::text,
    'lastHash', encode(part.last_hash, 'hex')), moment);
  UPDATE audit.partitions AS p SET dropped_by_seq = dropped WHERE p.name = wanted;
  DELETE FROM audit.keys AS k WHERE k.seq BETWEEN part.first_seq AND part.last_seq;
  EXECUTE format('DROP TABLE audit.%I', wanted);
  RETURN dropped;
END $$;

-- It waits a short time only for those who read: behind it, all who append would wait too.
CREATE FUNCTION audit.drop_partition(wanted text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s'
BEGIN ATOMIC
  SELECT audit.drop_partition_at(wanted, clock_timestamp());
END;
