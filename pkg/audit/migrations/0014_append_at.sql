SET LOCAL ROLE audit_keeper;

-- Records events, JSON objects with the columns as names, at a moment; audit.append calls it with the present one. Gives
-- for each event its receipt, that of an event that is recorded already as well, or why it is refused:
-- 'content' where its id is recorded with other content, 'ordinal' where its object has another event with its ordinal;
-- seq is then that event's number. A refusal changes nothing and stops no other event.
CREATE FUNCTION audit.append_at(events jsonb[], moment timestamptz)
RETURNS TABLE (event_id uuid, seq bigint, row_hash bytea, refusal text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  head  audit.head;
  e     audit.events;
  known audit.keys;
  at    timestamptz;
  this  text;
BEGIN
  -- The only lock, and the first: who appends waits here, so nobody deadlocks and all that was appended is seen.
  SELECT * INTO STRICT head FROM audit.head AS h FOR UPDATE;
  -- Never back, and never into a partition that is sealed, whatever the clock does.
  SELECT greatest(moment, head.recorded_at, audit.partition_end(max(p.name))) INTO at
    FROM audit.partitions AS p WHERE p.last_seq IS NOT NULL;
  this := audit.partition_name(at);
  IF (SELECT count(*) FROM audit.partitions AS p WHERE p.last_seq IS NULL AND p.name >= this) < 2
    OR EXISTS (SELECT FROM audit.partitions AS p WHERE p.last_seq IS NULL AND p.name < this) THEN
    PERFORM audit.prepare_partitions(at);
  END IF;
  FOR e IN
    SELECT r.* FROM unnest(events) AS sent (event), jsonb_populate_record(NULL::audit.events, sent.event) AS r
    ORDER BY r.wfe_uid, r.ordinal
  LOOP
    event_id := e.event_id;
    refusal := NULL;
    SELECT k.* INTO known FROM audit.keys AS k WHERE k.event_id = e.event_id;
    IF NOT FOUND THEN
      SELECT k.* INTO known FROM audit.keys AS k WHERE k.wfe_uid = e.wfe_uid AND k.ordinal = e.ordinal;
      IF FOUND THEN
        refusal := 'ordinal';
      END IF;
    ELSIF known.content_hash <> e.content_hash THEN
      refusal := 'content';
    END IF;
    IF known.seq IS NOT NULL THEN
      seq := known.seq;
      SELECT x.row_hash INTO row_hash FROM audit.events AS x WHERE x.seq = known.seq;
    ELSE
      e.seq := head.seq + 1;
      e.recorded_at := at;
      e.prev_hash := head.row_hash;
      e.row_hash := sha256(e.prev_hash || convert_to(audit.row_text(e), 'UTF8'));
      INSERT INTO audit.events VALUES (e.*);
      INSERT INTO audit.keys VALUES (e.event_id, e.seq, e.content_hash, e.wfe_uid, e.ordinal);
      head.seq := e.seq;
      head.row_hash := e.row_hash;
      seq := e.seq;
      row_hash := e.row_hash;
    END IF;
    RETURN NEXT;
  END LOOP;
  UPDATE audit.head AS h SET seq = head.seq, row_hash = head.row_hash, recorded_at = at WHERE h.seq < head.seq;
END $$;
