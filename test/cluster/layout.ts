import { createHash } from "node:crypto";
import { join } from "node:path";

/** The folder of all run-time folders: on a disk that programs may run from, and with a short name. */
export const runDirs = "/var/lib";

/** Where one cluster keeps what. */
export interface Layout {
  readonly root: string;
  readonly record: string;
  readonly logs: string;
  readonly processes: string;
  readonly pki: string;
  readonly kubeconfigs: string;
  readonly etcd: string;
  readonly registry: string;
  readonly kubectlCache: string;
  /** Where processes run, and put what they would put into their user's home. */
  readonly home: string;
  /** Short, because a socket's path is limited to 108 bytes. */
  readonly runDir: string;
  /** Parts the cluster's cgroups and network link from everybody else's; at most 15 bytes, the limit of a link's name. */
  readonly tag: string;
}

/** The layout of the cluster whose state is below an absolute path. */
export function layoutOf(root: string): Layout {
  const tag = `wfe-${createHash("sha256").update(root).digest("hex").slice(0, 8)}`;
  return {
    root,
    record: join(root, "cluster.json"),
    logs: join(root, "logs"),
    processes: join(root, "processes"),
    pki: join(root, "pki"),
    kubeconfigs: join(root, "kubeconfigs"),
    etcd: join(root, "etcd"),
    registry: join(root, "registry"),
    kubectlCache: join(root, "kubectl-cache"),
    home: join(root, "home"),
    runDir: join(runDirs, tag),
    tag,
  };
}
