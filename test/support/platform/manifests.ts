import { fileURLToPath } from "node:url";
import type { Cluster } from "../../cluster/cluster.ts";
import { waitFor } from "../../cluster/wait.ts";
import { untilEnforced } from "./until-enforced.ts";

const root = new URL("../../../", import.meta.url);

/** The path of a file or folder of the project. */
export function projectPath(path: string): string {
  return fileURLToPath(new URL(path, root));
}

/** Runs kubectl, which has to succeed. Gives its output. */
export async function mustKubectl(cluster: Cluster, args: readonly string[], input?: string): Promise<string> {
  const result = await cluster.kubectl(args, input === undefined ? {} : { input });
  if (result.code === 0) return result.stdout;
  throw new Error(`kubectl ${args.join(" ")} ended with code ${String(result.code)}: ${result.stderr.trim()}`);
}

/**
 * Installs what the product brings: CRDs, namespaces, service accounts and rights, admission policies, which are enforced
 * when this is done; on `full` also Tekton's flag.
 */
export async function installProduct(cluster: Cluster): Promise<void> {
  const apply = ["apply", "--server-side"];
  await mustKubectl(cluster, [...apply, "-f", projectPath("config/rbac/00-namespaces.yaml")]);
  await mustKubectl(cluster, [...apply, "-f", projectPath("config/rbac"), "-f", projectPath("config/crd")]);
  await untilEstablished(cluster, CRDS);
  // After the rights: without them the policies would stop a controller that runs already.
  await mustKubectl(cluster, [...apply, "-f", projectPath("config/admission")]);
  await untilEnforced(cluster);
  if (cluster.profile !== "full") return;
  const flags = projectPath("config/tekton/feature-flags-patch.yaml");
  await mustKubectl(cluster, ["patch", "configmap", "feature-flags", "-n", "tekton-pipelines", "--patch-file", flags]);
}

/** Waits until these CRDs (`crd/NAME`) are served. kubectl wait alone fails on one that has no conditions yet. */
export async function untilEstablished(cluster: Cluster, crds: readonly string[]): Promise<void> {
  const wait = ["wait", "--for=condition=Established", "--timeout=60s", ...crds];
  await waitFor(`${crds.join(", ")} to be established`, 60_000, async () => (await cluster.kubectl(wait)).code === 0);
}

const CRDS = ["crd/workflowexecutions.kubernaut.ai", "crd/targetlocks.kubernaut.ai"];

/** Makes a namespace in which workflows may act on Deployments, as config/samples/target-namespace.yaml shows it. */
export async function createTargetNamespace(cluster: Cluster, namespace: string): Promise<void> {
  await cluster.kubectl(["create", "namespace", namespace]);
  const file = projectPath("config/samples/target-namespace.yaml");
  const rights = await mustKubectl(cluster, ["create", "--dry-run=client", "-o", "yaml", "-f", file]);
  await mustKubectl(cluster, ["apply", "-f", "-"], rights.replaceAll("namespace: payment", `namespace: ${namespace}`));
}
