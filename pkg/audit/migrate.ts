import type { Client } from "pg";
import { planMigrations } from "./plan-migrations.ts";
import type { AppliedMigration, Migration } from "./plan-migrations.ts";
import { migrationClient } from "./pool.ts";
import { listMigrations } from "./sql/list-migrations.ts";
import { lockMigrations } from "./sql/lock-migrations.ts";
import { noteMigration } from "./sql/note-migration.ts";
import { prepareMigrations } from "./sql/prepare-migrations.ts";

/**
 * Brings a database to the structure that this version needs. Any number of replicas may do so at once: one works, the
 * others wait and find it done. All in one transaction, so that nothing is left half done, however it ends.
 *
 * @returns the numbers of the migrations that were applied now
 * @throws MigrationError where a newer or another version has prepared the database; DatabaseError or a connection's
 *   error otherwise, after which it may be tried again
 */
export async function migrate(url: string, migrations: readonly Migration[]): Promise<readonly number[]> {
  const client = migrationClient(url);
  await client.connect();
  try {
    await client.query("BEGIN");
    const applied = await applyMissing(client, migrations);
    await client.query("COMMIT");
    return applied;
  } finally {
    // Also ends a transaction that was not committed.
    await client.end();
  }
}

async function applyMissing(client: Client, migrations: readonly Migration[]): Promise<readonly number[]> {
  await client.query(lockMigrations);
  await client.query(prepareMigrations);
  const { rows } = await client.query<AppliedMigration>(listMigrations);
  const missing = planMigrations(migrations, rows);
  for (const { number, name, sql, checksum } of missing) {
    await client.query(sql);
    await client.query(noteMigration, [number, name, checksum]);
  }
  return missing.map((migration) => migration.number);
}
