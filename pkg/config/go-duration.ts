const UNIT_NANOSECONDS: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n],
  ["μs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);
const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/** Far more than any duration has; keeps the arithmetic small whatever a file contains. */
const MAX_LENGTH = 64;

const UNIT = "ns|us|µs|μs|ms|s|m|h";
const NUMBER = "\\d+(?:\\.\\d*)?|\\.\\d+";
const WHOLE = new RegExp(`^(?:(?:${NUMBER})(?:${UNIT}))+$`);
const PART = new RegExp(`(${NUMBER})(${UNIT})`, "g");

/**
 * Milliseconds of a duration as Go's time.ParseDuration reads it ("30m", "1h30m", "1.5s", "0"), without a sign.
 * Undefined where it isn't one, or isn't a whole number of milliseconds: rounding would hide what was asked for.
 */
export function parseGoDuration(text: string): number | undefined {
  if (text === "0") return 0;
  if (text.length > MAX_LENGTH || !WHOLE.test(text)) return undefined;
  let total = 0n;
  for (const [, number, unit] of text.matchAll(PART)) total += nanoseconds(number ?? "", unit ?? "");
  return total % NANOSECONDS_PER_MILLISECOND === 0n ? Number(total / NANOSECONDS_PER_MILLISECOND) : undefined;
}

/** Exact: 0.1 of a unit has no binary fraction. What is smaller than a nanosecond is cut off, as in Go. */
function nanoseconds(number: string, unit: string): bigint {
  const [whole = "", fraction = ""] = number.split(".");
  const scale = UNIT_NANOSECONDS.get(unit) ?? 0n;
  return BigInt(whole) * scale + (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
}
