import type { Cluster } from "../cluster/cluster.ts";
import { mustKubectl } from "../support/platform/manifests.ts";

export const NAMESPACE = "payment";
const TOO_LITTLE = "24Mi";

/**
 * A service that needs more memory than it may use: it is OOMKilled, restarted and killed again, until somebody raises
 * the limit. With enough memory it gets ready within a second.
 */
export async function deployBrokenWorkload(cluster: Cluster, name: string): Promise<void> {
  const labels = { app: name, "wfe-demo": "true" };
  const load = "data=$(head -c 40000000 /dev/zero | tr '\\000' x); touch /tmp/ready; exec sleep 100000";
  const container = {
    name: "api",
    image: cluster.images?.shell,
    command: ["sh", "-c", load],
    resources: { requests: { memory: TOO_LITTLE }, limits: { memory: TOO_LITTLE } },
    readinessProbe: { exec: { command: ["test", "-f", "/tmp/ready"] }, periodSeconds: 1 },
  };
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: NAMESPACE, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels }, spec: { containers: [container], terminationGracePeriodSeconds: 1 } },
    },
  };
  await mustKubectl(cluster, ["apply", "-f", "-"], JSON.stringify(deployment));
}

/** Removes the workloads and executions of earlier demos. */
export async function removeOldDemos(cluster: Cluster): Promise<void> {
  const ours = ["-n", NAMESPACE, "-l", "wfe-demo=true", "--ignore-not-found", "--wait=false"];
  await mustKubectl(cluster, ["delete", "deployments", ...ours]);
  await mustKubectl(cluster, ["delete", "workflowexecutions", ...ours]);
}

/** Waits until the workload was seen OOMKilled: it is really broken. */
export async function waitUntilBroken(cluster: Cluster, name: string): Promise<void> {
  const killed = "jsonpath={.items[0].status.containerStatuses[0].lastState.terminated.reason}=OOMKilled";
  await mustKubectl(cluster, [
    "wait",
    "pods",
    "-n",
    NAMESPACE,
    "-l",
    `app=${name}`,
    `--for=${killed.replace(".items[0]", "")}`,
    "--timeout=90s",
  ]);
}

/** What the workload looks like: its limit, and how many of its pods are ready. */
export async function describeWorkload(
  cluster: Cluster,
  name: string,
): Promise<{ readonly limit: string; readonly ready: number }> {
  const text = await mustKubectl(cluster, ["get", "deployment", name, "-n", NAMESPACE, "-o", "json"]);
  const deployment = JSON.parse(text) as {
    readonly spec: {
      readonly template: {
        readonly spec: {
          readonly containers: readonly { readonly resources: { readonly limits: { readonly memory: string } } }[];
        };
      };
    };
    readonly status: { readonly readyReplicas?: number };
  };
  const limit = deployment.spec.template.spec.containers[0]?.resources.limits.memory ?? "none";
  return { limit, ready: deployment.status.readyReplicas ?? 0 };
}
