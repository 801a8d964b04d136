SET LOCAL ROLE audit_owner;

-- What must not be dropped. Who placed and who released it is in the events with these numbers.
CREATE TABLE audit.holds (
  hold_id      uuid        PRIMARY KEY,
  from_time    timestamptz NOT NULL,
  to_time      timestamptz NOT NULL,
  reason       text        NOT NULL CHECK (reason <> ''),
  placed_seq   bigint      NOT NULL,
  released_seq bigint,
  CHECK (from_time < to_time),
  CHECK (released_seq > placed_seq)
);
