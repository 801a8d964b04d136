/** The migrations that were applied to this database, oldest first. */
export const listMigrations = "SELECT number, name, checksum FROM audit.migrations ORDER BY number";
