SET LOCAL ROLE audit_owner;

-- Every partition that there ever was, by name: events_YYYYMM. It holds nothing that can't be checked against the rows.
CREATE TABLE audit.partitions (
  name           text   PRIMARY KEY CHECK (name ~ '^events_[0-9]{6}$'),
  -- The sealed ones: their rows are first_seq to last_seq (none where that is the one before), between these hashes.
  first_seq      bigint,
  prev_hash      bytea,
  last_seq       bigint,
  last_hash      bytea,
  -- The dropped ones: the event that says so.
  dropped_by_seq bigint,
  CHECK (num_nulls(first_seq, prev_hash, last_seq, last_hash) IN (0, 4)),
  CHECK (dropped_by_seq IS NULL OR dropped_by_seq > last_seq)
);
