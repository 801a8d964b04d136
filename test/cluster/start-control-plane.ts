import { connectApiServer } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";
import type { Toolbox } from "./build.ts";
import {
  apiServerSpec,
  controllerManagerSpec,
  controlPlanePorts,
  etcdSpec,
  etcdUrl,
  serverUrl,
} from "./control-plane.ts";
import type { ControlPlane, ControlPlanePort } from "./control-plane.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import type { Layout } from "./layout.ts";
import { reservePorts } from "./ports.ts";
import type { ReservedPorts } from "./ports.ts";
import { makePki } from "./pki.ts";
import { startAndWait } from "./processes.ts";
import { timed } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { waitFor } from "./wait.ts";

const serviceAccountDeadlineMs = 60_000;

/** Where a cluster's servers are. */
export interface ControlPlaneUrls {
  readonly server: string;
  readonly etcd: string;
}

/** Starts a cluster of this profile. Several may run on one host, so all ports are whatever is free. */
export async function startControlPlaneAlone(
  parts: { readonly layout: Layout; readonly toolbox: Toolbox; readonly keepsHistory: boolean },
  progress: Progress,
): Promise<ControlPlaneUrls> {
  const { numbers, release } = await reservePorts(controlPlanePorts);
  const plane = { ...parts, ports: numbers, address: "127.0.0.1" };
  const api = await startControlPlane(plane, release, progress);
  return { server: api.url, etcd: etcdUrl(plane) };
}

/** Starts etcd, API server and controller manager. Afterwards pods and custom resources can be created. */
export async function startControlPlane(
  plane: ControlPlane,
  release: ReservedPorts<ControlPlanePort>["release"],
  progress: Progress,
): Promise<ApiServer> {
  const { layout } = plane;
  const url = serverUrl(plane);
  await timed(progress, "certificates", async () => {
    await makePki(layout.pki);
    await Promise.all(
      (["admin", "scheduler", "kubelet"] as const).map((client) => writeKubeconfig(layout, client, url)),
    );
  });
  await timed(progress, "etcd", async () => {
    await release("etcd", "etcdPeer");
    await startAndWait(layout, etcdSpec(plane));
  });
  await timed(progress, "kube-apiserver", async () => {
    await release("apiServer");
    await startAndWait(layout, apiServerSpec(plane));
  });
  const api = await connectApiServer(layout, url);
  await timed(progress, "kube-controller-manager", async () => {
    await release("controllerManager");
    await startAndWait(layout, controllerManagerSpec(plane));
    await waitForServiceAccount(api);
  });
  return api;
}

/** Pods are refused in a namespace until the controller manager has made its ServiceAccount. */
async function waitForServiceAccount(api: ApiServer): Promise<void> {
  const path = "/api/v1/namespaces/default/serviceaccounts/default";
  await waitFor("the ServiceAccount default/default", serviceAccountDeadlineMs, async () => {
    return (await api.send("GET", path)).status === 200;
  });
}
