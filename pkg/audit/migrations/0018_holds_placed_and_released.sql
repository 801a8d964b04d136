SET LOCAL ROLE audit_keeper;

-- Keeps every partition with a part of this time from being dropped, until it is released. Gives the hold's id.
CREATE FUNCTION audit.place_hold(from_time timestamptz, to_time timestamptz, reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  id     uuid := gen_random_uuid();
  placed bigint;
BEGIN
  placed := audit.append_own('audit.hold.placed', reason, jsonb_build_object('holdId', id,
    'from', audit.time_text(from_time), 'to', audit.time_text(to_time)), clock_timestamp());
  INSERT INTO audit.holds VALUES (id, from_time, to_time, reason, placed);
  RETURN id;
END $$;

CREATE FUNCTION audit.release_hold(id uuid, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  released bigint;
BEGIN
  -- Before the hold is looked at: two who release one at the same time take turns.
  PERFORM FROM audit.head AS h FOR UPDATE;
  IF NOT EXISTS (SELECT FROM audit.holds AS h WHERE h.hold_id = id AND h.released_seq IS NULL) THEN
    RAISE EXCEPTION 'there is no hold % that isn''t released', id USING ERRCODE = 'no_data_found';
  END IF;
  released := audit.append_own('audit.hold.released', reason, jsonb_build_object('holdId', id), clock_timestamp());
  UPDATE audit.holds AS h SET released_seq = released WHERE h.hold_id = id;
END $$;
