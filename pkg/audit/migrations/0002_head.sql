SET LOCAL ROLE audit_owner;

-- The end of the chain, one row. Whoever appends locks it: that gives numbers without gaps and one order for all.
CREATE TABLE audit.head (
  only_row    boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
  -- Of this trail, and of copies of it: part of the first hash, so that one trail can't stand in for another.
  origin      uuid        NOT NULL,
  seq         bigint      NOT NULL,
  row_hash    bytea       NOT NULL,
  -- Of the last row: no later row is recorded before it, even if PostgreSQL's clock goes back.
  recorded_at timestamptz NOT NULL
);

INSERT INTO audit.head (origin, seq, row_hash, recorded_at)
SELECT origin, 0, sha256(convert_to('workflow-execution audit ' || origin::text, 'UTF8')), 'epoch'
FROM gen_random_uuid() AS origin;
