import { join } from "node:path";
import type { Toolbox } from "./build.ts";
import type { Layout } from "./layout.ts";
import { kubeconfigOf } from "./kubeconfig.ts";
import { apiServerAddress } from "./pki.ts";
import type { ProcessSpec } from "./processes.ts";

export interface ControlPlane {
  readonly layout: Layout;
  readonly toolbox: Toolbox;
  readonly ports: Readonly<Record<ControlPlanePort, number>>;
  /** Where the API server listens. */
  readonly address: string;
  /** Whether etcd keeps every state that an object ever had, all of them as JSON. */
  readonly keepsHistory: boolean;
}

export const controlPlanePorts = ["etcd", "etcdPeer", "apiServer", "controllerManager"] as const;

export type ControlPlanePort = (typeof controlPlanePorts)[number];

/** The URL of the API server. */
export function serverUrl({ address, ports }: Pick<ControlPlane, "address" | "ports">): string {
  return ports.apiServer === 443 ? `https://${address}` : `https://${address}:${String(ports.apiServer)}`;
}

/** The URL at which etcd serves its clients, the HTTP gateway of its API among them. */
export function etcdUrl({ ports }: Pick<ControlPlane, "ports">): string {
  return `http://127.0.0.1:${String(ports.etcd)}`;
}

/** etcd without waiting for the disk: the data is thrown away with the cluster. */
export function etcdSpec({ layout, toolbox, ports }: ControlPlane): ProcessSpec {
  const client = etcdUrl({ ports });
  const peer = `http://127.0.0.1:${String(ports.etcdPeer)}`;
  return {
    name: "etcd",
    command: toolbox.pathOf("etcd"),
    args: [
      "--name=etcd",
      `--data-dir=${layout.etcd}`,
      "--unsafe-no-fsync",
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=etcd=${peer}`,
      "--log-level=warn",
      "--quota-backend-bytes=2147483648",
    ],
    ready: { kind: "http", url: `${client}/readyz` },
  };
}

/** The API server. Inflight limits are raised: many clients on few cores wait rather than being refused. */
export function apiServerSpec(plane: ControlPlane): ProcessSpec {
  const { layout, toolbox, ports, address } = plane;
  return {
    name: "kube-apiserver",
    command: toolbox.pathOf("kube-apiserver"),
    args: [
      `--etcd-servers=${etcdUrl(plane)}`,
      `--bind-address=${address}`,
      `--secure-port=${String(ports.apiServer)}`,
      `--advertise-address=${apiServerAddress}`,
      "--service-cluster-ip-range=10.96.0.0/24",
      // The Service kubernetes needs no endpoints: its ClusterIP is the API server's own address.
      "--endpoint-reconciler-type=none",
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
      "--allow-privileged=true",
      "--profiling=false",
      "--max-requests-inflight=800",
      "--max-mutating-requests-inflight=400",
      ...(plane.keepsHistory ? historyArgs : []),
      ...certificateArgs(layout.pki),
    ],
    env: SMALL_HEAP,
    ready: { kind: "http", url: `${serverUrl(plane)}/readyz` },
  };
}

/**
 * The heap of a cluster with few objects is small, so that Go's collector would run many times a second: a third of the
 * API server's work. That of a cluster in use is larger by itself.
 */
const SMALL_HEAP = { GOGC: "400" };

/** Nothing is ever forgotten, and built-in kinds are readable as custom resources always are. */
const historyArgs = ["--etcd-compaction-interval=0", "--storage-media-type=application/json"];

function certificateArgs(pki: string): readonly string[] {
  return [
    `--cert-dir=${pki}`,
    `--tls-cert-file=${join(pki, "apiserver.crt")}`,
    `--tls-private-key-file=${join(pki, "apiserver.key")}`,
    `--client-ca-file=${join(pki, "ca.crt")}`,
    `--kubelet-client-certificate=${join(pki, "apiserver-to-kubelet.crt")}`,
    `--kubelet-client-key=${join(pki, "apiserver-to-kubelet.key")}`,
    "--kubelet-preferred-address-types=InternalIP",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${join(pki, "sa.pub")}`,
    `--service-account-signing-key-file=${join(pki, "sa.key")}`,
  ];
}

/** Controllers that serve what this cluster does not have. */
const controllersOff = [
  "bootstrap-signer-controller",
  "token-cleaner-controller",
  "node-ipam-controller",
  "node-route-controller",
  "service-lb-controller",
  "horizontal-pod-autoscaler-controller",
  "certificatesigningrequest-signing-controller",
  "certificatesigningrequest-approving-controller",
  "certificatesigningrequest-cleaner-controller",
];

/** The controller manager, as administrator: one identity for all its controllers is the simplest. */
export function controllerManagerSpec({ layout, toolbox, ports }: ControlPlane): ProcessSpec {
  return {
    name: "kube-controller-manager",
    command: toolbox.pathOf("kube-controller-manager"),
    args: [
      `--kubeconfig=${kubeconfigOf(layout, "admin")}`,
      `--root-ca-file=${join(layout.pki, "ca.crt")}`,
      `--service-account-private-key-file=${join(layout.pki, "sa.key")}`,
      "--leader-elect=false",
      "--bind-address=127.0.0.1",
      `--secure-port=${String(ports.controllerManager)}`,
      "--profiling=false",
      "--concurrent-gc-syncs=10",
      "--kube-api-qps=200",
      "--kube-api-burst=400",
      "--enable-dynamic-provisioning=false",
      `--controllers=*,${controllersOff.map((name) => `-${name}`).join(",")}`,
    ],
    ready: { kind: "http", url: `https://127.0.0.1:${String(ports.controllerManager)}/healthz` },
  };
}
