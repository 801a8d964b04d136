import type { Client } from "pg";
import { migrationClient } from "./pool.ts";

/**
 * Reads the trail as it is at one moment, over a connection of its own that can't write. Nobody waits for it, but that a
 * partition can't be dropped meanwhile.
 *
 * @param url of a login that is a member of audit_reader
 * @throws DatabaseError or a connection's error where it can't be read
 */
export async function readDatabase<T>(url: string, read: (client: Client) => Promise<T>): Promise<T> {
  const client = migrationClient(url);
  await client.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    // Names in the statements mean what they say, whatever this login's search_path is; months and intervals are the same for all.
    await client.query("SET LOCAL search_path = pg_catalog");
    await client.query("SET LOCAL timezone = 'UTC'");
    await client.query("SET LOCAL intervalstyle = postgres");
    return await read(client);
  } finally {
    await client.end();
  }
}
