import { grantRole } from "../../pkg/audit/grant-role.ts";
import { migrate } from "../../pkg/audit/migrate.ts";
import { readMigrations } from "../../pkg/audit/read-migrations.ts";
import { verifyDatabase } from "../../pkg/audit/verify/verify-database.ts";
import type { Verdict } from "../../pkg/audit/verify/verify-trail.ts";
import type { AuditCommand, GrantCommand, VerifyCommand } from "./audit-command-line.ts";

type Print = (text: string) => void;

/** Runs a command of `wfe audit`. Gives the exit code. */
export async function runAuditCommand(command: AuditCommand, print: Print): Promise<number> {
  switch (command.name) {
    case "migrate":
      await auditMigrateCommand(print);
      return 0;
    case "grant":
      await auditGrantCommand(command, print);
      return 0;
    case "verify":
      return auditVerifyCommand(command, print);
  }
}

/** Brings the database to the structure that this version needs; prints what was done. */
async function auditMigrateCommand(print: Print): Promise<void> {
  const applied = await migrate(databaseUrl(), await readMigrations());
  print(applied.length === 0 ? "nothing to do" : `applied migrations ${applied.join(", ")}`);
}

/** Makes a login a member of one of the trail's roles. */
async function auditGrantCommand({ role, login }: GrantCommand, print: Print): Promise<void> {
  await grantRole(databaseUrl(), role, login);
  print(`${login} is a member of ${role}`);
}

/** Verifies the whole trail; prints PASS, or FAIL with the first row that is wrong and why. Gives the exit code. */
async function auditVerifyCommand({ anchors }: VerifyCommand, print: Print): Promise<number> {
  const verdict = await verifyDatabase(databaseUrl(), { anchors });
  print(verdictText(verdict));
  return verdict.problem === undefined ? 0 : 1;
}

/** One line; the last row of a PASS is what a later verification may be given as an anchor. */
function verdictText({ problem, rows, last, origin, uncheckedAnchors }: Verdict): string {
  if (problem !== undefined) return `FAIL at row ${String(problem.seq)} (${problem.kind}): ${problem.detail}`;
  const unchecked = uncheckedAnchors === 0 ? "" : `; ${String(uncheckedAnchors)} anchors are older than what is kept`;
  return `PASS: ${String(rows)} rows of trail ${origin}, the last is ${String(last.seq)}:${last.hash}${unchecked}`;
}

function databaseUrl(): string {
  const url = process.env["DATABASE_URL"] ?? "";
  if (url === "") throw new Error("DATABASE_URL is not set: postgresql://user:password@host:port/database");
  return url;
}
