import { readOptions } from "../read-options.ts";
import { UsageError } from "../usage-error.ts";

/** wfe audit hmac. */
export interface HmacCommand {
  readonly group: "audit";
  readonly name: "hmac";
  readonly parameter: string;
}

/** Reads the arguments of wfe audit hmac. Throws UsageError. */
export function parseHmac(args: readonly string[]): HmacCommand {
  const [parameter = "", ...more] = readOptions(args, {}).positionals;
  if (parameter === "" || more.length > 0) {
    throw new UsageError("wfe audit hmac takes the name of a parameter; the value comes on standard input");
  }
  return { group: "audit", name: "hmac", parameter };
}
