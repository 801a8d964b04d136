import { parseArgs } from "node:util";
import type { AuditRole } from "../../pkg/audit/grant-role.ts";
import type { Anchor } from "../../pkg/audit/verify/trail-check.ts";
import { InvalidReference, isImageReference, parsePushTarget } from "../../pkg/bundle/reference.ts";
import type { PushTarget } from "../../pkg/bundle/reference.ts";

/** What the user wants. */
export type Command =
  | { readonly name: "help" }
  | { readonly name: "version" }
  | { readonly name: "pack"; readonly folder: string; readonly images: ReadonlyMap<string, string> }
  | { readonly name: "audit-migrate" }
  | { readonly name: "audit-grant"; readonly role: AuditRole; readonly login: string }
  | { readonly name: "audit-verify"; readonly anchors: readonly Anchor[] }
  | {
      readonly name: "push";
      readonly folder: string;
      readonly target: PushTarget;
      readonly images: ReadonlyMap<string, string>;
      readonly plainHttp: boolean;
    };

/** A command line that can't be understood. */
export class UsageError extends Error {}

/**
 * Reads the command line, without the program's own name.
 *
 * @throws UsageError with a message for the user
 */
export function parseCommandLine(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { name: "help" };
  if (values.version) return { name: "version" };
  const [group, action, ...rest] = positionals;
  if (group === "bundle" && action === "push") return pushCommand(rest, values);
  if (group === "bundle" && action === "pack") return packCommand(rest, values);
  if (group === "audit") return auditCommand(action, rest, values);
  const given = positionals.join(" ");
  throw new UsageError(given === "" ? "no command given" : `unknown command "${given}"`);
}

interface Options {
  readonly image: readonly string[];
  readonly anchor: readonly string[];
  readonly "plain-http": boolean;
  readonly help: boolean;
  readonly version: boolean;
}

function parse(args: readonly string[]): { readonly values: Options; readonly positionals: readonly string[] } {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        image: { type: "string", multiple: true, default: [] },
        anchor: { type: "string", multiple: true, default: [] },
        "plain-http": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        version: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function pushCommand(operands: readonly string[], options: Options): Command {
  const [folder, reference, ...more] = operands;
  if (folder === undefined || reference === undefined || more.length > 0) {
    throw new UsageError(`wfe bundle push takes a folder and a reference, found ${String(operands.length)} operands`);
  }
  const images = parseImages(options.image);
  return { name: "push", folder, target: parseTarget(reference), images, plainHttp: options["plain-http"] };
}

function packCommand(operands: readonly string[], options: Options): Command {
  const [folder, ...more] = operands;
  if (folder === undefined || more.length > 0) {
    throw new UsageError(`wfe bundle pack takes a folder, found ${String(operands.length)} operands`);
  }
  return { name: "pack", folder, images: parseImages(options.image) };
}

const ROLES: Readonly<Record<string, AuditRole>> = {
  writer: "audit_writer",
  reader: "audit_reader",
  retention: "audit_retention",
};

function auditCommand(action: string | undefined, operands: readonly string[], options: Options): Command {
  if (action === "grant") return grantCommand(operands);
  if (operands.length > 0) throw new UsageError(`wfe audit ${action ?? ""} takes no operands`);
  if (action === "migrate") return { name: "audit-migrate" };
  if (action === "verify") return { name: "audit-verify", anchors: options.anchor.map(parseAnchor) };
  throw new UsageError(`unknown command "${["audit", action ?? ""].join(" ").trim()}"`);
}

function grantCommand(operands: readonly string[]): Command {
  const [name = "", login, ...more] = operands;
  const role = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
  if (role === undefined || login === undefined || login === "" || more.length > 0) {
    throw new UsageError(`wfe audit grant takes a role (${Object.keys(ROLES).join(", ")}) and a login`);
  }
  return { name: "audit-grant", role, login };
}

function parseAnchor(text: string): Anchor {
  const [, seq = "", hash = ""] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (hash === "") throw new UsageError(`--anchor ${text}: expected SEQ:HASH, as status.audit has them`);
  return { seq: Number(seq), hash };
}

function parseTarget(reference: string): PushTarget {
  try {
    return parsePushTarget(reference);
  } catch (error) {
    throw error instanceof InvalidReference ? new UsageError(error.message) : error;
  }
}

function parseImages(options: readonly string[]): ReadonlyMap<string, string> {
  const images = new Map<string, string>();
  for (const option of options) {
    const [name = "", ...rest] = option.split("=");
    const reference = rest.join("=");
    if (name === "" || !isImageReference(reference)) {
      throw new UsageError(`--image ${option}: expected NAME=REFERENCE, such as action=ghcr.io/example/kubectl:1.35`);
    }
    if (images.has(name)) throw new UsageError(`--image ${name} is given twice`);
    images.set(name, reference);
  }
  return images;
}
