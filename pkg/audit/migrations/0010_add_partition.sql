SET LOCAL ROLE audit_owner;

CREATE FUNCTION audit.partition_name(moment timestamptz) RETURNS text LANGUAGE sql STABLE
  RETURN to_char(moment AT TIME ZONE 'UTC', '"events_"YYYYMM');

CREATE FUNCTION audit.partition_start(name text) RETURNS timestamptz LANGUAGE sql STABLE
  RETURN make_timestamptz(substr(name, 8, 4)::integer, substr(name, 12, 2)::integer, 1, 0, 0, 0, 'UTC');

CREATE FUNCTION audit.partition_end(name text) RETURNS timestamptz LANGUAGE sql STABLE
  RETURN (audit.partition_start(name) AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';

RESET ROLE;
SET LOCAL ROLE audit_keeper;

-- Made beside the table and then attached: that waits for nobody who reads or appends, as PARTITION OF would.
CREATE FUNCTION audit.add_partition(wanted text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM audit.partitions AS p WHERE p.name = wanted) THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE audit.%I (LIKE audit.events INCLUDING ALL)', wanted);
  EXECUTE format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.%I
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()', wanted);
  EXECUTE format('CREATE TRIGGER refuse_insert BEFORE INSERT ON audit.%I
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change(''keeper'')', wanted);
  EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER refuse_change, ENABLE ALWAYS TRIGGER refuse_insert', wanted);
  EXECUTE format('ALTER TABLE audit.%I OWNER TO audit_owner', wanted);
  EXECUTE format('ALTER TABLE audit.events ATTACH PARTITION audit.%I FOR VALUES FROM (%L) TO (%L)',
    wanted, audit.partition_start(wanted), audit.partition_end(wanted));
  INSERT INTO audit.partitions (name) VALUES (wanted);
END $$;
