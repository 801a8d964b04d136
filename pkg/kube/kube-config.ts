import { readFileSync } from "node:fs";
import { delimiter, dirname, resolve } from "node:path";
import { KubeConfig, loadYaml, type User } from "@kubernetes/client-node";

/**
 * The cluster and the user to be: from the kubeconfig file or files named (as KUBECONFIG does it: the first current
 * context counts), else from the default places: ~/.kube/config, then the pod's service account.
 *
 * Throws Error where there is none, or where the current context names no cluster.
 */
export function loadKubeConfig(paths?: string): KubeConfig {
  const config = paths === undefined ? fromDefaults() : fromFiles(paths);
  if (config.getCurrentCluster() !== null) return config;
  throw new Error(`kubeconfig ${paths ?? "(default)"}: its current context names no cluster`);
}

function fromFiles(paths: string): KubeConfig {
  const merged = new KubeConfig();
  for (const file of paths.split(delimiter).filter((path) => path !== "")) {
    merged.mergeConfig(fromFile(file), merged.contexts.length > 0);
  }
  return merged;
}

function fromFile(file: string): KubeConfig {
  try {
    const config = new KubeConfig();
    config.loadFromFile(file);
    const tokenFiles = tokenFilesOf(file);
    config.users = config.users.map((user) => withTokenFile(user, tokenFiles.get(user.name)));
    return config;
  } catch (error) {
    throw new Error(`kubeconfig ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function fromDefaults(): KubeConfig {
  const config = new KubeConfig();
  config.loadFromDefault();
  // What client-node makes up where it found nothing.
  if (config.currentContext === "loaded-context") {
    throw new Error("no cluster to talk to: set KUBECONFIG, or run in a pod with a service account");
  }
  return config;
}

interface RawKubeConfig {
  readonly users?: readonly { readonly name: string; readonly user?: { readonly tokenFile?: string } }[];
}

/** client-node 2.0.1 knows `tokenFile` by another name only and would read it once; tokens in files rotate. */
function tokenFilesOf(file: string): ReadonlyMap<string, string> {
  const { users = [] } = loadYaml<RawKubeConfig>(readFileSync(file, "utf8"));
  const directory = dirname(file);
  return new Map(
    users.flatMap(({ name, user }) =>
      user?.tokenFile === undefined ? [] : [[name, resolve(directory, user.tokenFile)]],
    ),
  );
}

/** The same user with the authenticator that client-node uses in a pod: it reads the file again every minute. */
function withTokenFile(user: User, tokenFile: string | undefined): User {
  if (tokenFile === undefined) return user;
  return { ...user, token: "", authProvider: { name: "tokenFile", config: { tokenFile } } };
}
