import { NAMESPACE, type Platform } from "./platform.ts";

/** A Deployment with one pod that runs, for workflows that really act on something. */
export async function deploy({ cluster, kubectl }: Platform, name: string): Promise<void> {
  const container = {
    name: "app",
    image: cluster.images?.shell,
    command: ["sh", "-c", "trap 'exit 0' TERM; sleep 100000 & wait"],
  };
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: NAMESPACE },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [container] } },
    },
  };
  await cluster.kubectl(["apply", "-f", "-"], { input: JSON.stringify(deployment) });
  await kubectl("rollout", "status", `deployment/${name}`, "-n", NAMESPACE, "--timeout=60s");
}
