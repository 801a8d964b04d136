import type { SettingProblem } from "./check-settings.ts";
import { parseGoDuration } from "./go-duration.ts";
import type { SettingsFile } from "./settings.ts";

/** A rule about several keys. It is asked only when each of them is right by itself. */
interface CrossCheck {
  readonly keys: readonly string[];
  /** The key to blame is the last one. Undefined: all is well. */
  readonly problem: (file: SettingsFile) => string | undefined;
}

const crossChecks: readonly CrossCheck[] = [
  { keys: ["backoff.base", "backoff.max"], problem: shrinkingBackoff },
  { keys: ["health.port", "metrics.port"], problem: samePort },
];

/** What is wrong between keys, in a file whose single keys were checked with the given result. */
export function crossCheck(file: SettingsFile, known: readonly SettingProblem[]): readonly SettingProblem[] {
  return crossChecks
    .filter(({ keys }) => !keys.some((key) => known.some(({ path }) => isWithin(key.split("."), path))))
    .flatMap(({ keys, problem }) => {
      const message = problem(file);
      return message === undefined ? [] : [{ path: (keys.at(-1) ?? "").split("."), message }];
    });
}

/** True where the key is the other one or lies under it: then nothing is known of its value. */
function isWithin(key: readonly string[], other: readonly string[]): boolean {
  return other.every((part, index) => key[index] === part);
}

function shrinkingBackoff({ backoff }: SettingsFile): string | undefined {
  if ((parseGoDuration(backoff.max) ?? 0) >= (parseGoDuration(backoff.base) ?? 0)) return undefined;
  return `found ${backoff.max}, which is less than backoff.base; allowed: at least ${backoff.base}`;
}

function samePort({ health, metrics }: SettingsFile): string | undefined {
  if (health.port !== metrics.port || health.port === 0) return undefined;
  return `found ${String(metrics.port)}, which is health.port too; allowed: two different ports`;
}
