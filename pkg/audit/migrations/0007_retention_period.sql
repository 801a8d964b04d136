SET LOCAL ROLE audit_owner;

-- How long a partition is kept after its end. Here and not an argument of whoever drops, who must not decide it.
CREATE TABLE audit.retention_period (
  only_row boolean  PRIMARY KEY DEFAULT true CHECK (only_row),
  period   interval NOT NULL CHECK (period >= interval '1 month')
);

INSERT INTO audit.retention_period (period) VALUES ('7 years');
