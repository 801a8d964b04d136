import { randomBytes } from "node:crypto";
import pg from "pg";
import { startPostgres } from "./postgres.ts";

/** An empty database of its own for whoever asked. */
export interface TestDatabase {
  readonly url: string;
  /** Removes it, cutting connections that are still open. */
  close(): Promise<void>;
}

/**
 * A new database on the server of DATABASE_URL, or, without that, on an embedded one of its own: every test file, also
 * when several run at once, sees only its own rows.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const given = process.env["DATABASE_URL"] ?? "";
  if (given !== "") return createDatabase(given);
  const server = await startPostgres();
  return { url: server.url, close: () => server.stop() };
}

/**
 * A new database on a server, empty or a copy of `template` (to which nobody may be connected).
 *
 * @param url of any database there, with the right to create one
 */
export async function createDatabase(url: string, template = "template1"): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  await execute(url, `CREATE DATABASE ${name} TEMPLATE ${pg.escapeIdentifier(template)}`);
  return {
    url: withDatabase(url, name),
    close: () => execute(url, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

/** The name of the database that a URL leads to. */
export function databaseName(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
