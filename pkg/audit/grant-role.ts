import { migrationClient } from "./pool.ts";
import { grantRole as grantRoleStatement } from "./sql/grant-role.ts";

/** What a login may do with the trail: append (the controller), read and verify, drop what is past its period. */
export type AuditRole = "audit_writer" | "audit_reader" | "audit_retention";

/**
 * Makes a login a member of a role. Repeating it changes nothing.
 *
 * @param url of a login that may grant it: the one that migrates
 * @throws DatabaseError where one of both doesn't exist or it isn't allowed
 */
export async function grantRole(url: string, role: AuditRole, login: string): Promise<void> {
  const client = migrationClient(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ statement: string }>(grantRoleStatement, [role, login]);
    for (const { statement } of rows) await client.query(statement);
  } finally {
    await client.end();
  }
}
