SET LOCAL ROLE audit_owner;

-- What makes events unique over all partitions: one event an id, one event an ordinal of its object.
CREATE TABLE audit.keys (
  event_id     uuid    PRIMARY KEY,
  seq          bigint  NOT NULL UNIQUE,
  content_hash bytea   NOT NULL,
  wfe_uid      text    NOT NULL,
  ordinal      integer NOT NULL,
  UNIQUE (wfe_uid, ordinal)
);
