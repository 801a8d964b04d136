import { UsageError } from "../usage-error.ts";

/** For a command of wfe audit that has options only. */
export function refuseOperands(name: string, operands: readonly string[]): void {
  if (operands.length > 0) throw new UsageError(`wfe audit ${name} takes no operands`);
}
