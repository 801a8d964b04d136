/**
 * Whether PostgreSQL has refused a value (SQLSTATE classes 22 data exception, 23 integrity constraint, 54 limit
 * exceeded): it will do so each time. Everything else may work later.
 */
export function isDataError(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return false;
  return /^(22|23|54)[0-9A-Z]{3}$/.test(error.code);
}
