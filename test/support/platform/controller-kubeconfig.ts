import { readFile, writeFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import type { Cluster } from "../../cluster/cluster.ts";
import { mustKubectl } from "./manifests.ts";

interface AdminKubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: Readonly<Record<string, string>> }[];
}

/**
 * Writes a kubeconfig with which the controller runs as its own service account (config/rbac), so that a right that is
 * missing there is found. The token lives a year, if the API server grants it.
 */
export async function writeControllerKubeconfig(cluster: Cluster, path: string): Promise<void> {
  const account = ["workflow-execution-controller", "-n", "kubernaut-system", "--duration=8760h"];
  const token = (await mustKubectl(cluster, ["create", "token", ...account])).trim();
  const admin = parse(await readFile(cluster.kubeconfig, "utf8")) as AdminKubeconfig;
  const name = "controller";
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    clusters: admin.clusters.map(({ cluster: server }) => ({ name, cluster: server })),
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
  await writeFile(path, stringify(kubeconfig), { mode: 0o600 });
}
