SET LOCAL ROLE audit_keeper;

-- Notes between which rows and hashes a partition lies that gets no more rows. Oldest first: an empty one lies at the end
-- of the one before it.
CREATE FUNCTION audit.seal_partition(wanted text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- As the end of the one before says where there is no row.
  seal audit.partitions;
BEGIN
  SELECT p.last_seq + 1, p.last_hash, p.last_seq, p.last_hash
    INTO seal.first_seq, seal.prev_hash, seal.last_seq, seal.last_hash
    FROM audit.partitions AS p WHERE p.name < wanted ORDER BY p.name DESC LIMIT 1;
  IF NOT FOUND THEN
    SELECT 1, genesis, 0, genesis INTO seal.first_seq, seal.prev_hash, seal.last_seq, seal.last_hash
      FROM audit.head AS h, sha256(convert_to('workflow-execution audit ' || h.origin::text, 'UTF8')) AS genesis;
  END IF;
  EXECUTE format('SELECT coalesce(max(seq), $1), coalesce((SELECT row_hash FROM audit.%1$I ORDER BY seq DESC LIMIT 1), $2)
    FROM audit.%1$I', wanted) INTO seal.last_seq, seal.last_hash USING seal.last_seq, seal.last_hash;
  UPDATE audit.partitions AS p SET first_seq = seal.first_seq, prev_hash = seal.prev_hash,
    last_seq = seal.last_seq, last_hash = seal.last_hash
  WHERE p.name = wanted;
END $$;
