SET LOCAL ROLE audit_owner;

-- The head only goes on, whoever moves it.
CREATE FUNCTION audit.refuse_step_back() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.origin = OLD.origin AND NEW.seq > OLD.seq AND NEW.recorded_at >= OLD.recorded_at THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the audit trail is append-only: its head only goes on' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER refuse_step_back BEFORE UPDATE ON audit.head FOR EACH ROW EXECUTE FUNCTION audit.refuse_step_back();
ALTER TABLE audit.head ENABLE ALWAYS TRIGGER refuse_step_back;
