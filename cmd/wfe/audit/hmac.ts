import { hiddenValue, hmacKey } from "../../../pkg/audit/hidden-value.ts";
import { HMAC_KEY_FORM, parseHmacKey } from "../../../pkg/config/hmac-key.ts";
import type { HmacCommand } from "./parse-hmac.ts";
import type { AuditSurroundings } from "./surroundings.ts";

/**
 * Prints what the audit trail writes down of a hidden value: who has the key and the value can prove that they are equal.
 * Gives the exit code.
 *
 * @throws Error where there is no key
 */
export async function auditHmac(
  { parameter }: HmacCommand,
  { hmacKey: given, readInput, print, tell }: Pick<AuditSurroundings, "hmacKey" | "readInput" | "print" | "tell">,
): Promise<number> {
  const key = parseHmacKey(given);
  if (key === undefined) throw new Error(`AUDIT_HMAC_KEY is not set or is no key: ${HMAC_KEY_FORM}`);
  const value = await readInput();
  if (value.endsWith("\n")) tell("The value ends with a line break, which counts: printf %s writes none.");
  print(hiddenValue(parameter, value, hmacKey(key)));
  return 0;
}
