/** A moment for a table: RFC 3339, UTC, whole seconds; empty where there is none. */
export function secondsOf(moment: Date | null): string {
  return moment === null ? "" : moment.toISOString().replace(/\.\d{3}Z$/, "Z");
}
