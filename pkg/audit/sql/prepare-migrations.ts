/** Where applied migrations are noted. Under the lock: `IF NOT EXISTS` alone fails when two create at once. */
export const prepareMigrations = `
CREATE SCHEMA IF NOT EXISTS audit;
CREATE TABLE IF NOT EXISTS audit.migrations (
  number     integer     PRIMARY KEY,
  name       text        NOT NULL,
  checksum   text        NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;
