import { hiddenValue, type HmacKey } from "./hidden-value.ts";

/** Which values may be seen, and how the others are hashed. */
export interface ShownValues {
  /** Names of the parameters whose values are stored in clear; without it none is. */
  readonly shownParameters?: readonly string[];
  /** Without it hidden values can't be told apart. */
  readonly hmacKey?: HmacKey;
}

/** The parameters as they are stored: all names, the values only of those that are named as harmless. */
export function shownParameters(
  parameters: Readonly<Record<string, string>>,
  { shownParameters: shown = [], hmacKey }: ShownValues,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      shown.includes(name) ? value : hiddenValue(name, value, hmacKey),
    ]),
  );
}
