import { readSigningKey, SIGNING_KEY_FORM } from "./signing-key.ts";
import { HMAC_KEY_FORM, parseHmacKey } from "./hmac-key.ts";

/** What comes from the environment, because a configuration file is no place for it: secrets, addresses, the pod's own name. */
export interface Environment {
  readonly databaseUrl: string;
  readonly auditSigningKey?: string;
  readonly auditHmacKey?: string;
  readonly kubeconfig?: string;
  readonly podName?: string;
}

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

type ReadEnvironment =
  | { readonly type: "valid"; readonly environment: Environment }
  | { readonly type: "invalid"; readonly problems: readonly string[] };

/** The checked value of a variable, undefined where it is unset and needn't be, or what is wrong with it. */
type Variable = { readonly value: string | undefined } | { readonly problem: string };

const DATABASE_URL_FORM = "postgresql://user:password@host:port/database, special characters percent-encoded";

/**
 * Reads DATABASE_URL (required), the file that AUDIT_SIGNING_KEY_FILE names, AUDIT_HMAC_KEY, KUBECONFIG and POD_NAME. An
 * empty variable counts as unset. No value appears in a problem but a file's name.
 */
export function readEnvironment(env: EnvironmentVariables): ReadEnvironment {
  const read = {
    databaseUrl: readDatabaseUrl(env["DATABASE_URL"]),
    auditSigningKey: readSigningKeyFile(env["AUDIT_SIGNING_KEY_FILE"]),
    auditHmacKey: readHmacKey(env["AUDIT_HMAC_KEY"]),
    kubeconfig: asGiven(env["KUBECONFIG"]),
    podName: asGiven(env["POD_NAME"]),
  };
  const problems = Object.values(read).flatMap((one) => ("problem" in one ? [one.problem] : []));
  if (problems.length > 0) return { type: "invalid", problems };
  const given = Object.entries(read).flatMap(([name, one]) =>
    "value" in one && one.value !== undefined ? [[name, one.value]] : [],
  );
  // Where there is no problem, what is required is among them.
  return { type: "valid", environment: Object.fromEntries(given) as unknown as Environment };
}

function asGiven(text = ""): Variable {
  return { value: text === "" ? undefined : text };
}

function readDatabaseUrl(text = ""): Variable {
  const value = text.trim();
  if (value === "") return invalid("DATABASE_URL", "not set", DATABASE_URL_FORM);
  return isPostgresUrl(value) ? { value } : invalid("DATABASE_URL", "found something else", DATABASE_URL_FORM);
}

function readSigningKeyFile(file = ""): Variable {
  if (file === "") return { value: undefined };
  try {
    return { value: readSigningKey(file) };
  } catch (error) {
    const why = error instanceof Error ? error.message : "it can't be read";
    return invalid("AUDIT_SIGNING_KEY_FILE", `${file}: ${why}`, SIGNING_KEY_FORM);
  }
}

function readHmacKey(text = ""): Variable {
  if (text.trim() === "") return { value: undefined };
  const value = parseHmacKey(text);
  return value === undefined ? invalid("AUDIT_HMAC_KEY", "found something else", HMAC_KEY_FORM) : { value };
}

function invalid(name: string, found: string, form: string): Variable {
  return { problem: `environment variable ${name}: ${found}; allowed: ${form}` };
}

function isPostgresUrl(text: string): boolean {
  const protocol = URL.parse(text)?.protocol;
  return protocol === "postgresql:" || protocol === "postgres:";
}
