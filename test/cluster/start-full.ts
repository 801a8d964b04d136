import type { Toolbox } from "./build.ts";
import { controlPlanePorts, etcdUrl } from "./control-plane.ts";
import { prepareHost } from "./host.ts";
import { buildImages } from "./images.ts";
import type { Layout } from "./layout.ts";
import { registryAddress } from "./node.ts";
import { apiServerAddress } from "./pki.ts";
import { reservePorts } from "./ports.ts";
import type { Progress } from "./progress.ts";
import { startControlPlane } from "./start-control-plane.ts";
import type { ControlPlaneUrls } from "./start-control-plane.ts";
import { startContainers, startNode } from "./start-node.ts";
import { createTektonObjects, startTekton } from "./start-tekton.ts";
import { readTektonFiles, selectTektonObjects } from "./tekton-objects.ts";
import type { TektonFiles } from "./tekton-objects.ts";
import { tektonPorts } from "./tekton.ts";
import { settleAll } from "./wait.ts";

/** What a full cluster is made from. */
export interface Supplies {
  readonly toolbox: Toolbox;
  readonly imagesDir: string;
  readonly tektonFiles: TektonFiles;
}

/** Makes what a full cluster is made from, but for the programs, unless it is in the cache. */
export async function makeSupplies(toolbox: Toolbox, progress: Progress): Promise<Supplies> {
  return { toolbox, imagesDir: await buildImages(toolbox, progress), tektonFiles: await readTektonFiles(toolbox) };
}

const portNames = [...controlPlanePorts, "scheduler", "kubeletHealth", ...tektonPorts] as const;

export interface FullOptions {
  readonly registryPort: number;
  readonly keepsHistory: boolean;
}

/** Starts a cluster of this profile, on the one address that makes it the host's only one. */
export async function startFull(
  layout: Layout,
  supplies: Supplies,
  { registryPort, keepsHistory }: FullOptions,
  progress: Progress,
): Promise<ControlPlaneUrls> {
  const { toolbox, imagesDir, tektonFiles } = supplies;
  const { numbers, release } = await reservePorts(portNames);
  await prepareHost(layout);
  const plane = { layout, toolbox, ports: { ...numbers, apiServer: 443 }, address: apiServerAddress, keepsHistory };
  const node = { layout, toolbox, ports: { ...numbers, registry: registryPort } };
  const tekton = { layout, toolbox, registry: registryAddress(registryPort), ports: numbers };
  const containers = startContainers(node, imagesDir, progress);
  const api = startControlPlane(plane, release, progress);
  await settleAll([containers, api.then(() => undefined)]);
  const server = await api;
  await release("scheduler", "kubeletHealth", ...tektonPorts);
  await settleAll([
    startNode(node, server, progress),
    createTektonObjects(server, selectTektonObjects(tektonFiles, numbers.webhook), progress),
  ]);
  await startTekton(tekton, server, progress);
  return { server: server.url, etcd: etcdUrl(plane) };
}
