-- Who owns the trail, and who may do what with it. Nobody logs in as one of these: a DBA makes a login a member of one.
-- They belong to the whole server: another database of it may have made them already, or may be making them right now.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['audit_owner', 'audit_keeper', 'audit_writer', 'audit_reader', 'audit_retention'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', name);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
      END;
    END IF;
  END LOOP;
  -- The functions that write act as the keeper, and only they do. It is a role of its own so that the triggers and the guard
  -- (0022_guard.sql) can tell them from everybody else, the owner too; and an owner, so that it can drop a partition.
  IF NOT pg_has_role('audit_keeper', 'audit_owner', 'MEMBER') THEN
    GRANT audit_owner TO audit_keeper;
  END IF;
  -- A superuser acts as anybody; another login that migrates must be a member.
  FOREACH name IN ARRAY ARRAY['audit_owner', 'audit_keeper'] LOOP
    IF NOT pg_has_role(current_user, name, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', name);
    END IF;
  END LOOP;
END $$;

-- The schema and the list of migrations stay with whoever migrates.
GRANT USAGE, CREATE ON SCHEMA audit TO audit_owner, audit_keeper;
GRANT USAGE ON SCHEMA audit TO audit_writer, audit_reader, audit_retention;
GRANT SELECT ON audit.migrations TO audit_owner, audit_writer, audit_reader, audit_retention;
