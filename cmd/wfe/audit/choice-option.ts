import { UsageError } from "../usage-error.ts";

/**
 * The value of an option that allows only some, in any case.
 *
 * @throws UsageError
 */
export function parseChoice<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((known) => known.toLowerCase() === text.toLowerCase());
  if (choice === undefined) throw new UsageError(`--${option} ${text}: expected ${choices.join(", ")}`);
  return choice;
}
