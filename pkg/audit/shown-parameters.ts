/** The parameters whose values are stored in clear unless the caller names others: they repeat the target. */
const harmlessParameters: readonly string[] = [
  "TARGET_RESOURCE_NAME",
  "TARGET_RESOURCE_KIND",
  "TARGET_RESOURCE_NAMESPACE",
];

/**
 * The parameters as they are stored: all names, the values only of those that are named as harmless. Not even a digest
 * of another value: a short secret can be guessed from it (audit.md section 5).
 */
export function shownParameters(
  parameters: Readonly<Record<string, string>>,
  shown: readonly string[] = harmlessParameters,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, shown.includes(name) ? value : "redacted"]),
  );
}
