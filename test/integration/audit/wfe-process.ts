import { join } from "node:path";
import pg from "pg";
import type { AuditRole } from "../../../pkg/audit/grant-role.ts";
import { runCommand, type CommandResult } from "../../cluster/run-command.ts";
import { select } from "./migrated-database.ts";

const program = join(import.meta.dirname, "../../../cmd/wfe/main.ts");

/** Runs `wfe audit` as a process of its own. */
export async function wfe(url: string, ...args: readonly string[]): Promise<CommandResult> {
  const env = { DATABASE_URL: url, NODE_OPTIONS: "" };
  return runCommand(process.execPath, [program, "audit", ...args], { env, timeoutMs: 60_000 });
}

/** A login of the whole server that may do only what a role may, or nothing. */
export interface Login {
  readonly url: string;
  remove(): Promise<void>;
}

const PASSWORD = "canary-7531";

/** Makes a login for a database. */
export async function openLogin(databaseUrl: string, name: string, role?: AuditRole): Promise<Login> {
  const login = pg.escapeIdentifier(name);
  await select(databaseUrl, `CREATE ROLE ${login} LOGIN PASSWORD '${PASSWORD}'`);
  if (role !== undefined) await select(databaseUrl, `GRANT ${role} TO ${login}`);
  const url = new URL(databaseUrl);
  url.username = name;
  url.password = PASSWORD;
  return {
    url: url.href,
    async remove() {
      await select(databaseUrl, `DROP ROLE ${login}`);
    },
  };
}
