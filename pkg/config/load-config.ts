import { readFileSync } from "node:fs";
import { checkSettings, type SettingProblem } from "./check-settings.ts";
import { ConfigError } from "./config-error.ts";
import type { Config } from "./config.ts";
import { crossCheck } from "./cross-checks.ts";
import { readEnvironment, type Environment, type EnvironmentVariables } from "./environment.ts";
import { parseGoDuration } from "./go-duration.ts";
import { parseYaml, type LineOf } from "./parse-yaml.ts";
import type { SettingsFile } from "./settings.ts";

export interface ConfigSources {
  /** Path of a file like config/controller.yaml. Without a file all settings have their defaults. */
  readonly file?: string;
  /** The YAML text itself, instead of a file. */
  readonly text?: string;
  readonly env: EnvironmentVariables;
}

type ReadSettings =
  | { readonly type: "valid"; readonly file: SettingsFile }
  | { readonly type: "invalid"; readonly problems: readonly string[] };

/**
 * Reads and checks the whole configuration (api.md section 4). The result is deeply frozen.
 * @throws ConfigError with every problem of file and environment at once; then nothing should be started.
 */
export function loadConfig(sources: ConfigSources): Config {
  const settings = readSettings(sources);
  const environment = readEnvironment(sources.env);
  if (settings.type === "valid" && environment.type === "valid") {
    return deepFreeze(buildConfig(settings.file, environment.environment));
  }
  throw new ConfigError([settings, environment].flatMap((part) => (part.type === "invalid" ? part.problems : [])));
}

function readSettings({ file, text }: ConfigSources): ReadSettings {
  const name = file ?? "configuration";
  if (file === undefined || text !== undefined) return parseSettings(name, text ?? "");
  try {
    return parseSettings(name, readFileSync(file, "utf8"));
  } catch (error) {
    return { type: "invalid", problems: [`${name}: can't be read: ${error instanceof Error ? error.message : ""}`] };
  }
}

function parseSettings(name: string, text: string): ReadSettings {
  const parsed = parseYaml(text);
  if (parsed.type === "broken") {
    return {
      type: "invalid",
      problems: parsed.problems.map(({ line, message }) => `${place(name, line)}: ${message}`),
    };
  }
  // A file that is empty, or has only comments, is null in YAML.
  const { file, problems } = checkSettings(parsed.value ?? {});
  const all = [...problems, ...crossCheck(file, problems)];
  if (all.length === 0) return { type: "valid", file };
  return { type: "invalid", problems: problemLines(name, all, parsed.lineOf) };
}

/** In the order of the file; what was never written comes first. */
function problemLines(name: string, problems: readonly SettingProblem[], lineOf: LineOf): readonly string[] {
  return problems
    .map(({ path, message }) => ({ line: lineOf(path), subject: path.join("."), message }))
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
    .map(({ line, subject, message }) =>
      [place(name, line), subject, message].filter((part) => part !== "").join(": "),
    );
}

function place(name: string, line: number | undefined): string {
  return line === undefined ? name : `${name}:${String(line)}`;
}

/** Names stay those of the file; durations become milliseconds and are renamed so. */
function buildConfig(file: SettingsFile, environment: Environment): Config {
  const { defaultTimeout, defaultMaxDelay, cooldownPeriod, backoff, ...others } = file;
  const { externalDeletionSettle, stuckAfter, retention, ...kept } = others;
  return {
    ...kept,
    defaultTimeoutMs: milliseconds(defaultTimeout),
    defaultMaxDelayMs: milliseconds(defaultMaxDelay),
    cooldownPeriodMs: milliseconds(cooldownPeriod),
    backoff: {
      baseMs: milliseconds(backoff.base),
      maxMs: milliseconds(backoff.max),
      maxConsecutiveFailures: backoff.maxConsecutiveFailures,
    },
    externalDeletionSettleMs: milliseconds(externalDeletionSettle),
    stuckAfterMs: milliseconds(stuckAfter),
    retention: {
      completedRuns: {
        keepForMs: milliseconds(retention.completedRuns.keepFor),
        keepCount: retention.completedRuns.keepCount,
      },
    },
    kubeApi: { qps: file.kubeApi.qps, burst: file.kubeApi.burst, timeoutMs: milliseconds(file.kubeApi.timeout) },
    audit: {
      settleMs: milliseconds(file.audit.settle),
      mode: file.audit.mode,
      shownParameters: file.audit.shownParameters,
      backlog: {
        maxEvents: file.audit.backlog.maxEvents,
        maxAgeMs: milliseconds(file.audit.backlog.maxAge),
      },
      checkpoint: { intervalMs: milliseconds(file.audit.checkpoint.interval) },
    },
    ...environment,
  };
}

function milliseconds(checked: string): number {
  const value = parseGoDuration(checked);
  if (value === undefined) throw new TypeError(`${checked} was accepted as a duration but is none`);
  return value;
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === "object" && part !== null) deepFreeze(part as object);
  return Object.freeze(value);
}
