import { readOptions } from "../read-options.ts";
import { UsageError } from "../usage-error.ts";

/** wfe audit keygen, wfe audit public-key: they need no database. */
export interface KeyCommand {
  readonly group: "audit-keys";
  readonly name: "keygen" | "public-key";
  /** Of the private key. */
  readonly file: string;
}

export function parseKeygen(args: readonly string[]): KeyCommand {
  return parseKeyCommand("keygen", args);
}

export function parsePublicKeyCommand(args: readonly string[]): KeyCommand {
  return parseKeyCommand("public-key", args);
}

function parseKeyCommand(name: KeyCommand["name"], args: readonly string[]): KeyCommand {
  const [file, ...more] = readOptions(args, {}).positionals;
  if (file === undefined || more.length > 0) throw new UsageError(`wfe audit ${name} takes the file of a private key`);
  return { group: "audit-keys", name, file };
}
