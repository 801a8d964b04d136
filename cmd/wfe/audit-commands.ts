import { grantRole } from "../../pkg/audit/grant-role.ts";
import { migrate } from "../../pkg/audit/migrate.ts";
import { readMigrations } from "../../pkg/audit/read-migrations.ts";
import type { AuditCommand, GrantCommand } from "./audit-command-line.ts";
import { explainError } from "./audit/explain-error.ts";
import { auditHmac } from "./audit/hmac.ts";
import { auditQuery } from "./audit/query.ts";
import { auditDrop, auditPlaceHold, auditReleaseHold, auditRetentionList } from "./audit/retention.ts";
import type { AuditSurroundings } from "./audit/surroundings.ts";
import { auditTrace } from "./audit/trace.ts";

/**
 * Runs a command of `wfe audit`. Gives the exit code.
 *
 * @throws Error with one sentence for the user
 */
export async function runAuditCommand(command: AuditCommand, surroundings: AuditSurroundings): Promise<number> {
  if (command.name === "hmac") return auditHmac(command, surroundings);
  const url = surroundings.databaseUrl();
  try {
    return (await run(command, surroundings)) ?? 0;
  } catch (error) {
    throw explainError(error, url);
  }
}

type DatabaseCommand = Exclude<AuditCommand, { readonly name: "hmac" }>;

/**
 * Gives the exit code where it isn't 0. What needs the Kubernetes client is loaded only where it is asked for: that takes
 * three times as long as all else.
 */
async function run(command: DatabaseCommand, surroundings: AuditSurroundings): Promise<number | undefined> {
  switch (command.name) {
    case "migrate":
      await auditMigrate(surroundings);
      return undefined;
    case "grant":
      await auditGrant(command, surroundings);
      return undefined;
    case "verify":
      return (await import("./audit/verify.ts")).auditVerify(command, surroundings);
    case "query":
      await auditQuery(command, surroundings);
      return undefined;
    case "trace":
      await auditTrace(command, surroundings);
      return undefined;
    case "hold-place":
      await auditPlaceHold(command, surroundings);
      return undefined;
    case "hold-release":
      await auditReleaseHold(command, surroundings);
      return undefined;
    case "hold-list":
    case "partitions":
      await auditRetentionList(command, surroundings);
      return undefined;
    case "completeness":
      return (await import("./audit/completeness.ts")).auditCompleteness(command, surroundings);
    case "drop":
      await auditDrop(command, surroundings);
      return undefined;
  }
}

/** Brings the database to the structure that this version needs; prints what was done. */
async function auditMigrate({ databaseUrl, print }: AuditSurroundings): Promise<void> {
  const applied = await migrate(databaseUrl(), await readMigrations());
  print(applied.length === 0 ? "nothing to do" : `applied migrations ${applied.join(", ")}`);
}

/** Makes a login a member of one of the trail's roles. */
async function auditGrant({ role, login }: GrantCommand, { databaseUrl, print }: AuditSurroundings): Promise<void> {
  await grantRole(databaseUrl(), role, login);
  print(`${login} is a member of ${role}`);
}
