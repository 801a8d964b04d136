import { auditParsers } from "./audit-command-line.ts";
import type { AuditCommand } from "./audit-command-line.ts";
import type { KeyCommand } from "./audit/parse-keys.ts";
import { bundleParsers } from "./bundle-command-line.ts";
import type { BundleCommand } from "./bundle-command-line.ts";
import type { CommandParser } from "./command-parser.ts";
import { readOptions } from "./read-options.ts";
import { UsageError } from "./usage-error.ts";

/** What the user wants; each group has its own commands. */
export type Command = BundleCommand | AuditCommand | KeyCommand | OwnCommand;

/** What the tool says of itself. */
interface OwnCommand {
  readonly group: "wfe";
  readonly name: "help" | "version";
}

const groups: ReadonlyMap<string, ReadonlyMap<string, CommandParser<Command>>> = new Map<
  string,
  ReadonlyMap<string, CommandParser<Command>>
>([
  ["bundle", bundleParsers],
  ["audit", auditParsers],
]);

/**
 * Reads the command line, without the program's own name: the group, the command, and what that one knows. Options follow
 * the command; --help is understood anywhere.
 *
 * @throws UsageError with a message for the user
 */
export function parseCommandLine(args: readonly string[]): Command {
  if (args.some((word) => word === "--help" || word === "-h")) return { group: "wfe", name: "help" };
  const [group = "", action = "", ...rest] = args;
  if (group === "" || group.startsWith("-")) return parseOwn(args);
  const parse = groups.get(group)?.get(action);
  if (parse === undefined) throw new UsageError(`unknown command "${`${group} ${action}`.trim()}"`);
  return parse(rest);
}

function parseOwn(args: readonly string[]): Command {
  const { values } = readOptions(args, { version: { type: "boolean", default: false } });
  if (values.version) return { group: "wfe", name: "version" };
  throw new UsageError("no command given");
}
