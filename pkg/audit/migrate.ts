import type { Client } from "pg";
import { MigrationError, planMigrations } from "./plan-migrations.ts";
import type { AppliedMigration, Migration } from "./plan-migrations.ts";
import { migrationClient } from "./pool.ts";
import { listMigrations } from "./sql/list-migrations.ts";
import { lockMigrations } from "./sql/lock-migrations.ts";
import { migrationState } from "./sql/migration-state.ts";
import { noteMigration } from "./sql/note-migration.ts";
import { closeGuard, openGuard } from "./sql/open-guard.ts";
import { prepareMigrations } from "./sql/prepare-migrations.ts";

/**
 * Brings a database to the structure that this version needs. Any number of replicas may do so at once: one works, the
 * others wait and find it done. All in one transaction, so that nothing is left half done, however it ends.
 *
 * Where nothing is missing, any login will do that is a member of audit_writer. Else it takes one that may make roles: the
 * trail's owner must be somebody else than the controller that appends to it, or that could change what it has written.
 *
 * @returns the numbers of the migrations that were applied now
 * @throws MigrationError where a newer or another version has prepared the database, or where something is missing that
 *   this login may not make; DatabaseError or a connection's error otherwise, after which it may be tried again
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

interface State {
  readonly login: string;
  readonly prepared: boolean;
  readonly may_migrate: boolean;
}

async function applyMissing(client: Client, migrations: readonly Migration[]): Promise<readonly number[]> {
  await client.query(lockMigrations);
  const { rows } = await client.query<State>(migrationState);
  const state = rows[0] ?? { login: "", prepared: false, may_migrate: false };
  const missing = planMigrations(migrations, state.prepared ? await appliedMigrations(client, state) : []);
  if (missing.length === 0) return [];
  if (!state.may_migrate) throw notAllowed(state, `lacks migration ${missing.map(({ number }) => number).join(", ")}`);
  await client.query(openGuard);
  await client.query(prepareMigrations);
  for (const migration of missing) await apply(client, migration);
  await client.query(closeGuard);
  return missing.map((migration) => migration.number);
}

async function appliedMigrations(client: Client, state: State): Promise<readonly AppliedMigration[]> {
  try {
    return (await client.query<AppliedMigration>(listMigrations)).rows;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "42501") {
      throw notAllowed(state, "is prepared, but not for it: make it a member of audit_writer");
    }
    throw error;
  }
}

async function apply(client: Client, { number, name, sql, checksum }: Migration): Promise<void> {
  await client.query(sql);
  // A migration may act as the owner of what it makes.
  await client.query("RESET ROLE");
  await client.query(noteMigration, [number, name, checksum]);
}

function notAllowed({ login }: State, what: string): MigrationError {
  return new MigrationError(
    `the database ${what}, and the login "${login}" may not change that: run \`wfe audit migrate\` once with a login ` +
      `that may make roles, best a superuser, which can also guard the tables against their owner`,
  );
}
