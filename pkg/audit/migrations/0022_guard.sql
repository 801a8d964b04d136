-- Refuses to whoever it is, the owner too, to alter, detach, move or drop what is in the schema. The functions that make,
-- seal and drop partitions act as the keeper, as which nobody else can act. Migrations switch it off while they work.
-- In a schema of its own: else it would be dropped with what it guards, and be silent.
CREATE SCHEMA audit_guard;

CREATE FUNCTION audit_guard.guard_alter() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  what text;
BEGIN
  IF current_user = 'audit_keeper' THEN
    RETURN;
  END IF;
  -- A rule has no schema of its own.
  SELECT c.command_tag || ' of ' || c.object_identity INTO what FROM pg_event_trigger_ddl_commands() AS c
    LEFT JOIN pg_rewrite AS r ON c.classid = 'pg_rewrite'::regclass AND r.oid = c.objid
    LEFT JOIN pg_class AS t ON t.oid = r.ev_class
    WHERE (c.schema_name = 'audit' OR c.object_identity = 'audit' OR t.relnamespace = to_regnamespace('audit'))
      AND c.command_tag NOT IN ('REINDEX', 'GRANT', 'REVOKE')
    LIMIT 1;
  -- What was moved away is named by its new place: so look at the old one, in the catalogue, which everybody may read.
  IF what IS NULL AND (
    (SELECT count(*) FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = t.relnamespace WHERE n.nspname = 'audit'
      AND t.relname IN ('events', 'keys', 'head', 'partitions', 'holds', 'retention_period')) < 6
    OR EXISTS (SELECT FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = t.relnamespace
      JOIN pg_inherits AS i ON i.inhparent = t.oid JOIN pg_class AS part ON part.oid = i.inhrelid
      WHERE n.nspname = 'audit' AND t.relname = 'events' AND part.relnamespace <> n.oid)
  ) THEN
    what := tg_tag;
  END IF;
  IF what IS NOT NULL THEN
    RAISE EXCEPTION 'the audit trail is append-only: % is refused', what USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

CREATE FUNCTION audit_guard.guard_drop() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  what text;
BEGIN
  SELECT o.object_identity INTO what FROM pg_event_trigger_dropped_objects() AS o
    WHERE o.schema_name = 'audit' OR o.object_identity = 'audit' LIMIT 1;
  IF what IS NOT NULL AND current_user <> 'audit_keeper' THEN
    RAISE EXCEPTION 'the audit trail is append-only: % of % is refused', tg_tag, what
      USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- DETACH CONCURRENTLY has committed a part of its work before the others are asked. It can't be a part of anything, so it is
-- the whole statement; which table it names can be written in many ways, so it is refused for all in this database.
CREATE FUNCTION audit_guard.guard_detach() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_query() ~* 'detach' AND current_query() ~* 'concurrently' THEN
    RAISE EXCEPTION 'the audit trail is append-only: DETACH CONCURRENTLY is refused in its database'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- Some hosted PostgreSQLs give nobody the right to make event triggers. There the owner, as whom nobody logs in, is
-- not kept from dropping a table; verifying finds it.
DO $$
BEGIN
  CREATE EVENT TRIGGER audit_guard_alter ON ddl_command_end EXECUTE FUNCTION audit_guard.guard_alter();
  CREATE EVENT TRIGGER audit_guard_drop ON sql_drop EXECUTE FUNCTION audit_guard.guard_drop();
  CREATE EVENT TRIGGER audit_guard_detach ON ddl_command_start WHEN TAG IN ('ALTER TABLE')
    EXECUTE FUNCTION audit_guard.guard_detach();
  ALTER EVENT TRIGGER audit_guard_detach ENABLE ALWAYS;
  ALTER EVENT TRIGGER audit_guard_alter ENABLE ALWAYS;
  ALTER EVENT TRIGGER audit_guard_drop ENABLE ALWAYS;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'this login may not make event triggers: tables of the audit trail can be dropped by their owner';
END $$;
