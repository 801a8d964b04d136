import { readSigningKey, SIGNING_KEY_FORM } from "./signing-key.ts";

/** What comes from the environment, because a configuration file is no place for it: secrets, addresses, the pod's own name. */
export interface Environment {
  readonly databaseUrl: string;
  readonly auditSigningKey?: string;
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
 * Reads DATABASE_URL (required), the file that AUDIT_SIGNING_KEY_FILE names, KUBECONFIG and POD_NAME. An empty variable
 * counts as unset. No value appears in a problem but a file's name.
 */
export function readEnvironment(env: EnvironmentVariables): ReadEnvironment {
  const databaseUrl = readDatabaseUrl(env["DATABASE_URL"]);
  const auditSigningKey = readSigningKeyFile(env["AUDIT_SIGNING_KEY_FILE"]);
  const problems = [databaseUrl, auditSigningKey].flatMap((read) => ("problem" in read ? [read.problem] : []));
  if ("problem" in databaseUrl || "problem" in auditSigningKey) return { type: "invalid", problems };
  const known = { auditSigningKey: auditSigningKey.value, kubeconfig: env["KUBECONFIG"], podName: env["POD_NAME"] };
  const given = Object.fromEntries(Object.entries(known).filter(([, value]) => (value ?? "") !== ""));
  return { type: "valid", environment: { databaseUrl: databaseUrl.value ?? "", ...given } };
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

function invalid(name: string, found: string, form: string): Variable {
  return { problem: `environment variable ${name}: ${found}; allowed: ${form}` };
}

function isPostgresUrl(text: string): boolean {
  const protocol = URL.parse(text)?.protocol;
  return protocol === "postgresql:" || protocol === "postgres:";
}
