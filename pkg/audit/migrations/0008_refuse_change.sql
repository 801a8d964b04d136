SET LOCAL ROLE audit_owner;

CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- The functions act as the keeper, as which nobody logs in.
  IF current_user = 'audit_keeper' AND TG_ARGV[0] = 'keeper' AND TG_OP <> 'TRUNCATE' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'the audit trail is append-only: % of % is refused', TG_OP, TG_RELID::regclass
    USING ERRCODE = 'insufficient_privilege';
END $$;

-- Once a statement, so that also one that finds no row is refused. Each partition gets its own (0010_add_partition.sql):
-- those of the parent don't fire for statements on a partition. ALWAYS: also where a session plays a replica.
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.events
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER refuse_insert BEFORE INSERT ON audit.events
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change('keeper');
CREATE TRIGGER refuse_change BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON audit.keys
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change('keeper');
CREATE TRIGGER refuse_change BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON audit.partitions
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change('keeper');
CREATE TRIGGER refuse_change BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON audit.holds
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change('keeper');
CREATE TRIGGER refuse_change BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON audit.retention_period
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change('keeper');
CREATE TRIGGER refuse_change BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON audit.head
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change('keeper');
ALTER TABLE audit.events ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE audit.events ENABLE ALWAYS TRIGGER refuse_insert;
ALTER TABLE audit.keys ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE audit.partitions ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE audit.holds ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE audit.retention_period ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE audit.head ENABLE ALWAYS TRIGGER refuse_change;
