import { mkdir } from "node:fs/promises";
import type { ApiServer } from "./api-server.ts";
import { imageReference, linkBlobs, pushImages } from "./images.ts";
import { containerdSpec, kubeletSpec, nodeName, registryAddress, registrySpec, schedulerSpec } from "./node.ts";
import type { Node } from "./node.ts";
import { writeNodeConfig } from "./node-config.ts";
import { startAndWait } from "./processes.ts";
import { timed } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { settleAll, waitFor } from "./wait.ts";

const nodeDeadlineMs = 120_000;

/** Starts the registry with all images, and containerd: what does not need the API server. */
export async function startContainers(node: Node, imagesDir: string, progress: Progress): Promise<void> {
  const { layout, toolbox, ports } = node;
  const registry = registryAddress(ports.registry);
  await writeNodeConfig({
    layout,
    toolbox,
    registry,
    pauseImage: imageReference(registry, "pause"),
    kubeletHealthPort: ports.kubeletHealth,
  });
  await timed(progress, "registry with images", async () => {
    await mkdir(layout.registry, { recursive: true });
    await linkBlobs(imagesDir, layout.registry);
    await startAndWait(layout, registrySpec(node));
    await pushImages(toolbox, imagesDir, registry);
  });
  await timed(progress, "containerd", () => startAndWait(layout, containerdSpec(node)));
}

/** Starts kubelet and scheduler, and waits until pods can run. */
export async function startNode(node: Node, api: ApiServer, progress: Progress): Promise<void> {
  const { layout } = node;
  await timed(progress, "kubelet and kube-scheduler", async () => {
    await settleAll([startAndWait(layout, kubeletSpec(node)), startAndWait(layout, schedulerSpec(node))]);
    await waitFor("the node to be ready", nodeDeadlineMs, async () => {
      return isSchedulable((await api.send("GET", `/api/v1/nodes/${nodeName}`)).body);
    });
  });
}

interface NodeObject {
  readonly spec?: { readonly taints?: readonly unknown[] };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Ready, and without the taints that the controller manager removes a moment later. */
export function isSchedulable(body: unknown): boolean {
  const { spec, status } = (body ?? {}) as NodeObject;
  const ready = status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
  return ready && (spec?.taints ?? []).length === 0;
}
