import { parseArgs } from "node:util";
import type { ParseArgsConfig } from "node:util";
import { UsageError } from "./usage-error.ts";

type OptionSpecs = NonNullable<ParseArgsConfig["options"]>;
type Read<T extends OptionSpecs> = ReturnType<typeof parseArgs<{ args: string[]; allowPositionals: true; options: T }>>;

/**
 * Reads the arguments of one command: the options that it knows, and operands.
 *
 * @throws UsageError where an option isn't one of the command's, or lacks its value
 */
export function readOptions<T extends OptionSpecs>(args: readonly string[], options: T): Read<T> {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
