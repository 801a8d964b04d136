import { readDatabase } from "../read-database.ts";
import { verifyTrail } from "./verify-trail.ts";
import type { Verdict, VerifyOptions } from "./verify-trail.ts";

/**
 * Verifies the trail of a database as it is at this moment.
 *
 * @param url of a login that is a member of audit_reader
 * @throws DatabaseError or a connection's error where it can't be read: then nothing is known
 */
export async function verifyDatabase(url: string, options: VerifyOptions = {}): Promise<Verdict> {
  return readDatabase(url, (client) => verifyTrail(client, options));
}
