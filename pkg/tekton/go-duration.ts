const SECOND_MS = 1000;
const MINUTE_S = 60;
const HOUR_S = 3600;
/** time.Duration is an int64 of nanoseconds: about 292 years. */
const LONGEST_MS = 2 ** 63 / 1e6;

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-6],
  ["us", 1e-3],
  ["\u00b5s", 1e-3], // micro sign
  ["\u03bcs", 1e-3], // Greek letter mu
  ["ms", 1],
  ["s", SECOND_MS],
  ["m", MINUTE_S * SECOND_MS],
  ["h", HOUR_S * SECOND_MS],
]);

const AMOUNT = String.raw`(\d+(?:\.\d*)?|\.\d+)`;
const UNIT = "(ns|us|\u00b5s|\u03bcs|ms|s|m|h)";
const PART = new RegExp(AMOUNT + UNIT, "g");
const WHOLE = new RegExp(`^[+-]?(?:${AMOUNT}${UNIT})+$`);

/**
 * Milliseconds as Go's time.Duration.String() writes them ("1h0m0s", "1.5s", "250ms", "0s"), so that our durations look
 * like those of Kubernetes and Tekton. Rounded to whole milliseconds; not a number gives "0s".
 */
export function formatGoDuration(ms: number): string {
  const whole = Number.isFinite(ms) ? Math.round(Math.abs(ms)) : 0;
  if (whole === 0) return "0s";
  const sign = ms < 0 ? "-" : "";
  if (whole < SECOND_MS) return `${sign}${String(whole)}ms`;
  const seconds = Math.floor(whole / SECOND_MS);
  const hours = Math.floor(seconds / HOUR_S);
  const minutes = Math.floor((seconds % HOUR_S) / MINUTE_S);
  const rest = `${String(seconds % MINUTE_S)}${fraction(whole % SECOND_MS)}s`;
  if (hours > 0) return `${sign}${String(hours)}h${String(minutes)}m${rest}`;
  return minutes > 0 ? `${sign}${String(minutes)}m${rest}` : `${sign}${rest}`;
}

/**
 * Milliseconds of a Go duration ("1h30m", "-1.5h", "250us", "0"), by the grammar of Go's time.ParseDuration. Undefined
 * where Go would refuse the text.
 */
export function parseGoDuration(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  if (!WHOLE.test(text)) return undefined;
  const ms = [...text.matchAll(PART)].reduce((sum, [, amount, unit = ""]) => sum + Number(amount) * unitMs(unit), 0);
  if (ms >= LONGEST_MS) return undefined;
  return text.startsWith("-") && ms > 0 ? -ms : ms;
}

function unitMs(unit: string): number {
  return UNIT_MS.get(unit) ?? 0;
}

function fraction(ms: number): string {
  return ms === 0 ? "" : `.${String(ms).padStart(3, "0").replace(/0+$/, "")}`;
}
