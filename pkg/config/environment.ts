/** What comes from the environment, because a configuration file is no place for it: secrets, addresses, the pod's own name. */
export interface Environment {
  readonly databaseUrl: string;
  readonly kubeconfig?: string;
  readonly podName?: string;
}

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

type ReadEnvironment =
  | { readonly type: "valid"; readonly environment: Environment }
  | { readonly type: "invalid"; readonly problems: readonly string[] };

const DATABASE_URL_FORM = "postgresql://user:password@host:port/database, special characters percent-encoded";

/** Reads DATABASE_URL (required), KUBECONFIG and POD_NAME. An empty variable counts as unset. No value appears in a problem. */
export function readEnvironment(env: EnvironmentVariables): ReadEnvironment {
  const databaseUrl = env["DATABASE_URL"]?.trim() ?? "";
  const { KUBECONFIG: kubeconfig = "", POD_NAME: podName = "" } = env;
  if (databaseUrl === "") return invalid("not set");
  if (!isPostgresUrl(databaseUrl)) return invalid("found something else");
  const optional = { ...(kubeconfig === "" ? {} : { kubeconfig }), ...(podName === "" ? {} : { podName }) };
  return { type: "valid", environment: { databaseUrl, ...optional } };
}

function invalid(found: string): ReadEnvironment {
  const problem = `environment variable DATABASE_URL: ${found}; allowed: ${DATABASE_URL_FORM}`;
  return { type: "invalid", problems: [problem] };
}

function isPostgresUrl(text: string): boolean {
  const protocol = URL.parse(text)?.protocol;
  return protocol === "postgresql:" || protocol === "postgres:";
}
