import { migrationClient } from "../pool.ts";
import { verifyTrail } from "./verify-trail.ts";
import type { Verdict, VerifyOptions } from "./verify-trail.ts";

/**
 * Verifies the trail of a database as it is at this moment, over a connection of its own. Nobody waits for it, but that a
 * partition can't be dropped meanwhile.
 *
 * @param url of a login that is a member of audit_reader
 * @throws DatabaseError or a connection's error where it can't be read: then nothing is known
 */
export async function verifyDatabase(url: string, options: VerifyOptions = {}): Promise<Verdict> {
  const client = migrationClient(url);
  await client.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    // Names in the statements mean what they say, whatever this login's search_path is.
    await client.query("SET LOCAL search_path = pg_catalog");
    return await verifyTrail(client, options);
  } finally {
    await client.end();
  }
}
