import { isIP } from "node:net";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { parseGoDuration } from "./go-duration.ts";
import { nodeAt, schemaOf } from "./schema.ts";
import { isSetting } from "./setting.ts";
import { settings, type SettingsFile } from "./settings.ts";

/** What is wrong with one key. */
export interface SettingProblem {
  readonly path: readonly string[];
  readonly message: string;
}

interface CheckedSettings {
  /** The value with all defaults; only trustworthy at the keys that have no problem. */
  readonly file: SettingsFile;
  /** At most one a key. */
  readonly problems: readonly SettingProblem[];
}

const validate = compile();

/** Checks plain data against the settings and fills in the defaults. Changes nothing in what it was given. */
export function checkSettings(value: unknown): CheckedSettings {
  const file: unknown = structuredClone(value);
  if (validate(file)) return { file, problems: [] };
  const problems = (validate.errors ?? []).map((error) => problemOf(error));
  const firstOfKey = new Map(problems.toReversed().map((problem) => [problem.path.join("."), problem]));
  return { file: file as SettingsFile, problems: [...firstOfKey.values()].toReversed() };
}

/** The settings of an empty file. */
export function defaultSettings(): SettingsFile {
  return checkSettings({}).file;
}

function compile(): ValidateFunction<SettingsFile> {
  const ajv = new Ajv({ allErrors: true, strict: true, useDefaults: true, verbose: true });
  ajv.addFormat("ip-address", (text: string) => isIP(text) !== 0);
  ajv.addFormat("loopback-address", isLoopback);
  ajv.addKeyword({ keyword: "duration", type: "string", schemaType: "object", validate: isDurationWithin });
  return ajv.compile<SettingsFile>(schemaOf(settings));
}

function isLoopback(text: string): boolean {
  return isIP(text) === 4 ? text.startsWith("127.") : text === "::1";
}

function isDurationWithin(range: { readonly min: string; readonly max: string }, text: string): boolean {
  const [value, min, max] = [text, range.min, range.max].map(parseGoDuration);
  return value !== undefined && min !== undefined && max !== undefined && value >= min && value <= max;
}

function problemOf(error: ErrorObject): SettingProblem {
  const path = error.instancePath.split("/").slice(1).map(unescapePointer);
  if (error.keyword === "additionalProperties") {
    const { additionalProperty } = error.params as { additionalProperty: string };
    return { path: [...path, additionalProperty], message: `unknown key; ${allowedAt(path)}` };
  }
  return { path, message: `found ${describe(error.data)}; ${allowedAt(path)}` };
}

function unescapePointer(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

function allowedAt(path: readonly string[]): string {
  const node = nodeAt(settings, path) ?? settings;
  return `allowed: ${isSetting(node) ? node.allowed : `a mapping with the keys ${Object.keys(node).join(", ")}`}`;
}

const LONGEST_QUOTE = 80;

/** A value as an error message may show it: short, and never something that looks like a URL with its password. */
function describe(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return typeof value;
  if (value.includes("://")) return "a URL";
  return value.length > LONGEST_QUOTE ? `${String(value.length)} characters of text` : JSON.stringify(value);
}
