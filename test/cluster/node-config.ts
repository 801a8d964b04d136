import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { Toolbox } from "./build.ts";
import type { Layout } from "./layout.ts";
import { apiServerAddress } from "./pki.ts";

export interface NodeFiles {
  readonly containerd: string;
  readonly containerdSocket: string;
  readonly kubelet: string;
  readonly kubeletRoot: string;
}

export interface NodeSettings {
  readonly layout: Layout;
  readonly toolbox: Toolbox;
  /** host:port. */
  readonly registry: string;
  readonly pauseImage: string;
  readonly kubeletHealthPort: number;
}

/** Where a node's files are, all below the run-time folder. */
export function nodeFiles({ runDir }: Layout): NodeFiles {
  return {
    containerd: join(runDir, "containerd.toml"),
    containerdSocket: join(runDir, "containerd.sock"),
    kubelet: join(runDir, "kubelet.yaml"),
    kubeletRoot: join(runDir, "kubelet"),
  };
}

/** Writes the configuration of containerd, its registry, the pod network and kubelet. */
export async function writeNodeConfig(settings: NodeSettings): Promise<void> {
  const { layout, registry } = settings;
  const files = nodeFiles(layout);
  await write(files.containerd, renderContainerdConfig(settings));
  await write(files.kubelet, stringify(buildKubeletConfig(settings)));
  await write(join(layout.runDir, "cni", "net.d", "10-pods.conflist"), JSON.stringify(buildNetworkConfig(layout)));
  await write(join(layout.runDir, "certs.d", registry, "hosts.toml"), renderRegistryHost(registry));
}

/** One bridge; pods leave through it to the node's own addresses only. */
export function buildNetworkConfig({ runDir, tag }: Layout): unknown {
  const ipam = { type: "host-local", dataDir: join(runDir, "cni", "ipam"), ranges: [[{ subnet: "10.96.1.0/24" }]] };
  const bridge = { type: "bridge", bridge: tag, isGateway: true, isDefaultGateway: true, ipMasq: false, ipam };
  return { cniVersion: "1.0.0", name: tag, plugins: [bridge] };
}

function renderRegistryHost(registry: string): string {
  return `server = "http://${registry}"\n[host."http://${registry}"]\n  capabilities = ["pull", "resolve"]\n`;
}

/** containerd's configuration, version 3 of the format. */
export function renderContainerdConfig({ layout: { runDir }, toolbox, pauseImage }: NodeSettings): string {
  const sections: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ["grpc", { address: join(runDir, "containerd.sock") }],
    ["ttrpc", { address: join(runDir, "containerd.ttrpc.sock") }],
    [`plugins."io.containerd.cri.v1.images"`, { snapshotter: "overlayfs" }],
    [`plugins."io.containerd.cri.v1.images".pinned_images`, { sandbox: pauseImage }],
    [`plugins."io.containerd.cri.v1.images".registry`, { config_path: join(runDir, "certs.d") }],
    // Not everybody who is root may lower the score (CAP_SYS_RESOURCE).
    [`plugins."io.containerd.cri.v1.runtime"`, { restrict_oom_score_adj: true, netns_mounts_under_state_dir: true }],
    [
      `plugins."io.containerd.cri.v1.runtime".cni`,
      { bin_dirs: [toolbox.binOf("cri")], conf_dir: join(runDir, "cni", "net.d") },
    ],
    [`plugins."io.containerd.cri.v1.runtime".containerd`, { default_runtime_name: "runc" }],
    [`plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc`, { runtime_type: "io.containerd.runc.v2" }],
    [
      `plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options`,
      { BinaryName: toolbox.pathOf("runc-noseccomp"), Root: join(runDir, "runc"), SystemdCgroup: false },
    ],
  ];
  const top = {
    version: 3,
    root: join(runDir, "containerd"),
    state: join(runDir, "containerd-state"),
    disabled_plugins: unusedPlugins,
  };
  return [renderSettings(top), ...sections.map(([name, values]) => `[${name}]\n${renderSettings(values)}`)].join("\n");
}

const unusedPlugins = [
  "io.containerd.nri.v1.nri",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.erofs",
  "io.containerd.snapshotter.v1.blockfile",
  "io.containerd.tracing.processor.v1.otlp",
];

/** Strings, numbers, booleans and lists of them look the same in TOML and in JSON. */
function renderSettings(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
    .join("");
}

/** kubelet's configuration: no packet filter rules, no rate limits, cgroups of its own, eviction only when all is lost. */
export function buildKubeletConfig({ layout, kubeletHealthPort }: NodeSettings): Readonly<Record<string, unknown>> {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    containerRuntimeEndpoint: `unix://${join(layout.runDir, "containerd.sock")}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${layout.tag}`,
    // Kubernetes 1.35 refuses the old version of cgroups unless told otherwise.
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    address: apiServerAddress,
    port: 10_250,
    healthzBindAddress: "127.0.0.1",
    healthzPort: kubeletHealthPort,
    readOnlyPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(layout.pki, "ca.crt") },
    },
    authorization: { mode: "Webhook" },
    // Nobody is there, but without an address each pod gets an event about it.
    clusterDNS: ["10.96.0.10"],
    clusterDomain: "cluster.local",
    resolvConf: "",
    makeIPTablesUtilChains: false,
    oomScoreAdj: 0,
    podLogsDir: join(layout.runDir, "pod-logs"),
    volumePluginDir: join(layout.runDir, "volume-plugins"),
    maxPods: 200,
    ...eviction,
    ...limits,
  };
}

const eviction = {
  evictionHard: {
    "memory.available": "100Mi",
    "nodefs.available": "1%",
    "imagefs.available": "1%",
    "nodefs.inodesFree": "1%",
  },
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
};

const limits = {
  serializeImagePulls: false,
  registryPullQPS: 0,
  eventRecordQPS: 0,
  kubeAPIQPS: 100,
  kubeAPIBurst: 200,
};

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
