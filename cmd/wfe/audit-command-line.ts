import type { AuditRole } from "../../pkg/audit/grant-role.ts";
import { parseCompleteness } from "./audit/parse-completeness.ts";
import type { CompletenessCommand } from "./audit/parse-completeness.ts";
import { parseKeygen, parsePublicKeyCommand } from "./audit/parse-keys.ts";
import type { KeyCommand } from "./audit/parse-keys.ts";
import { parseHmac } from "./audit/parse-hmac.ts";
import type { HmacCommand } from "./audit/parse-hmac.ts";
import { parseQuery } from "./audit/parse-query.ts";
import type { QueryCommand } from "./audit/parse-query.ts";
import { parseDrop, parseHold, parsePartitions } from "./audit/parse-retention.ts";
import type {
  DropCommand,
  PlaceHoldCommand,
  ReleaseHoldCommand,
  RetentionListCommand,
} from "./audit/parse-retention.ts";
import { parseTrace } from "./audit/parse-trace.ts";
import type { TraceCommand } from "./audit/parse-trace.ts";
import { parseVerify } from "./audit/parse-verify.ts";
import type { VerifyCommand } from "./audit/parse-verify.ts";
import { refuseOperands } from "./audit/refuse-operands.ts";
import type { CommandParser } from "./command-parser.ts";
import { readOptions } from "./read-options.ts";
import { UsageError } from "./usage-error.ts";

/** wfe audit migrate. */
export interface MigrateCommand {
  readonly group: "audit";
  readonly name: "migrate";
}

/** wfe audit grant. */
export interface GrantCommand {
  readonly group: "audit";
  readonly name: "grant";
  readonly role: AuditRole;
  readonly login: string;
}

export type AuditCommand =
  | MigrateCommand
  | GrantCommand
  | VerifyCommand
  | QueryCommand
  | TraceCommand
  | CompletenessCommand
  | PlaceHoldCommand
  | ReleaseHoldCommand
  | RetentionListCommand
  | DropCommand
  | HmacCommand;

/** The commands of `wfe audit`, by name. */
export const auditParsers: ReadonlyMap<string, CommandParser<AuditCommand | KeyCommand>> = new Map<
  string,
  CommandParser<AuditCommand | KeyCommand>
>([
  ["migrate", parseMigrate],
  ["grant", parseGrant],
  ["verify", parseVerify],
  ["query", parseQuery],
  ["trace", parseTrace],
  ["completeness", parseCompleteness],
  ["hold", parseHold],
  ["partitions", parsePartitions],
  ["drop", parseDrop],
  ["keygen", parseKeygen],
  ["public-key", parsePublicKeyCommand],
  ["hmac", parseHmac],
]);

const ROLES: Readonly<Record<string, AuditRole>> = {
  writer: "audit_writer",
  reader: "audit_reader",
  retention: "audit_retention",
};

function parseMigrate(args: readonly string[]): MigrateCommand {
  const { positionals } = readOptions(args, {});
  refuseOperands("migrate", positionals);
  return { group: "audit", name: "migrate" };
}

function parseGrant(args: readonly string[]): GrantCommand {
  const { positionals } = readOptions(args, {});
  const [name = "", login, ...more] = positionals;
  const role = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
  if (role === undefined || login === undefined || login === "" || more.length > 0) {
    throw new UsageError(`wfe audit grant takes a role (${Object.keys(ROLES).join(", ")}) and a login`);
  }
  return { group: "audit", name: "grant", role, login };
}
