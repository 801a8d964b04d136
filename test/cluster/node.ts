import { join } from "node:path";
import type { Toolbox } from "./build.ts";
import { kubeconfigOf } from "./kubeconfig.ts";
import type { Layout } from "./layout.ts";
import { nodeFiles } from "./node-config.ts";
import { apiServerAddress } from "./pki.ts";
import type { ProcessSpec } from "./processes.ts";

export const nodeName = "node-1";

export interface Node {
  readonly layout: Layout;
  readonly toolbox: Toolbox;
  readonly ports: { readonly registry: number; readonly scheduler: number; readonly kubeletHealth: number };
}

/** host:port of the registry: on the loopback device, where containerd, Tekton and crane speak plain http. */
export function registryAddress(port: number): string {
  return `127.0.0.1:${String(port)}`;
}

/** The image registry: blobs on disk, manifests in memory, so it has to be filled again after it was restarted. */
export function registrySpec({ layout, toolbox, ports }: Node): ProcessSpec {
  const address = registryAddress(ports.registry);
  return {
    name: "registry",
    command: toolbox.pathOf("crane"),
    args: ["registry", "serve", "--address", address, "--disk", layout.registry],
    ready: { kind: "http", url: `http://${address}/v2/` },
  };
}

export function schedulerSpec({ layout, toolbox, ports }: Node): ProcessSpec {
  const kubeconfig = kubeconfigOf(layout, "scheduler");
  return {
    name: "kube-scheduler",
    command: toolbox.pathOf("kube-scheduler"),
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      "--leader-elect=false",
      "--bind-address=127.0.0.1",
      `--secure-port=${String(ports.scheduler)}`,
      "--profiling=false",
    ],
    ready: { kind: "http", url: `https://127.0.0.1:${String(ports.scheduler)}/healthz` },
  };
}

/** containerd looks for its shims on the PATH. */
export function containerdSpec({ layout, toolbox }: Node): ProcessSpec {
  const files = nodeFiles(layout);
  return {
    name: "containerd",
    command: toolbox.pathOf("containerd"),
    args: ["--config", files.containerd],
    env: { PATH: `${toolbox.binOf("cri")}:${process.env["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin"}` },
    ready: { kind: "socket", path: files.containerdSocket },
  };
}

export function kubeletSpec({ layout, toolbox, ports }: Node): ProcessSpec {
  const files = nodeFiles(layout);
  return {
    name: "kubelet",
    command: toolbox.pathOf("kubelet"),
    args: [
      `--config=${files.kubelet}`,
      `--kubeconfig=${kubeconfigOf(layout, "kubelet")}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${apiServerAddress}`,
      `--root-dir=${files.kubeletRoot}`,
      `--cert-dir=${join(layout.runDir, "kubelet-pki")}`,
      "--v=2",
    ],
    ready: { kind: "http", url: `http://127.0.0.1:${String(ports.kubeletHealth)}/healthz` },
  };
}
