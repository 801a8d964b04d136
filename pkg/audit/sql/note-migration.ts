/** Notes an applied migration: its number, name and checksum. */
export const noteMigration = "INSERT INTO audit.migrations (number, name, checksum) VALUES ($1, $2, $3)";
