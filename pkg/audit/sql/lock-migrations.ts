/** Until the end of the transaction, at most one session of this database is past this statement. */
export const lockMigrations =
  "SELECT pg_advisory_xact_lock(hashtextextended('workflow-execution audit.migrations', 0))";
