import { mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findToolbox } from "./build.ts";
import type { Toolbox } from "./build.ts";
import { readRecord } from "./cluster-record.ts";
import type { UpRecord } from "./cluster-record.ts";
import { imageReferences, pushImages } from "./images.ts";
import type { ImageReferences } from "./images.ts";
import { kubeconfigOf } from "./kubeconfig.ts";
import { layoutOf } from "./layout.ts";
import type { Layout } from "./layout.ts";
import { readProcess, readProcesses, signalProcess, startAndWait } from "./processes.ts";
import type { Profile } from "./programs.ts";
import { runCommand } from "./run-command.ts";
import type { CommandOptions, CommandResult } from "./run-command.ts";
import { tearDown } from "./teardown.ts";
import type { TeardownOptions } from "./teardown.ts";

/** A running cluster. */
export interface Cluster {
  readonly profile: Profile;
  readonly stateDir: string;
  /** The path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** The API server's URL. */
  readonly server: string;
  /** etcd's URL (plain http, no authentication): what it keeps is the cluster's state itself, and its history. */
  readonly etcd: string;
  /** host:port of the image registry (plain http); undefined in a control-plane. */
  readonly registry: string | undefined;
  /** What steps may run; undefined in a control-plane. */
  readonly images: ImageReferences | undefined;
  /** The names for `kill` and `restart`. */
  readonly processes: readonly string[];
  /** Runs kubectl as administrator. Does not throw when kubectl fails: look at `code`. */
  readonly kubectl: (args: readonly string[], options?: CommandOptions) => Promise<CommandResult>;
  /** Sends a signal, SIGKILL unless told otherwise; after one that ends the process, waits for its end. */
  readonly kill: (name: string, signal?: NodeJS.Signals) => Promise<void>;
  /** Starts a process again, ending it (SIGKILL) if it runs, and waits until it is ready. */
  readonly restart: (name: string) => Promise<void>;
  /** Removes the cluster and everything that it left on the host. */
  readonly stop: (options?: TeardownOptions) => Promise<void>;
}

/** The cluster that runs from a state folder, whoever started it. */
export async function openCluster(stateDir: string): Promise<Cluster> {
  const layout = await layoutAt(stateDir);
  const record = await readRecord(layout);
  if (record?.phase !== "up") throw new Error(`no cluster runs from ${layout.root}`);
  return buildCluster(layout, record, await findToolbox());
}

/** Stops the cluster of a state folder, whoever started it and in whatever condition it is. */
export async function stopCluster(stateDir: string, options: TeardownOptions = {}): Promise<void> {
  await tearDown(await layoutAt(stateDir), options);
}

/** Makes the handle of a cluster that is up. */
export async function buildCluster(layout: Layout, record: UpRecord, toolbox: Toolbox): Promise<Cluster> {
  const kubeconfig = kubeconfigOf(layout, "admin");
  const common = [`--kubeconfig=${kubeconfig}`, `--cache-dir=${layout.kubectlCache}`];
  return {
    profile: record.profile,
    stateDir: layout.root,
    kubeconfig,
    server: record.server,
    etcd: record.etcd,
    registry: record.registry?.address,
    images: record.registry === null ? undefined : imageReferences(record.registry.address),
    processes: (await readProcesses(layout)).map(({ spec }) => spec.name),
    kubectl: (args, options) => runCommand(toolbox.pathOf("kubectl"), [...common, ...args], options),
    kill: async (name, signal = "SIGKILL") => signalProcess(await readProcess(layout, name), signal),
    restart: (name) => restart({ layout, record, toolbox }, name),
    stop: (options) => tearDown(layout, options),
  };
}

/** The layout at a path. Links in the path are followed, so that one folder has one name. */
export async function layoutAt(stateDir: string): Promise<Layout> {
  const path = resolve(stateDir);
  return layoutOf(await realpath(path).catch(() => path));
}

/** A new state folder for a cluster that nobody else has to find. */
export async function temporaryLayout(): Promise<Layout> {
  return layoutAt(await mkdtemp(join(tmpdir(), temporaryPrefix)));
}

/** How the names of the folders that `temporaryLayout` makes begin. */
export const temporaryPrefix = "wfe-cluster-";

interface Parts {
  readonly layout: Layout;
  readonly record: UpRecord;
  readonly toolbox: Toolbox;
}

/** The registry keeps its manifests in memory only, so it gets our images anew. Other people's are gone. */
async function restart({ layout, record, toolbox }: Parts, name: string): Promise<void> {
  const old = await readProcess(layout, name);
  await signalProcess(old, "SIGKILL");
  await startAndWait(layout, old.spec);
  if (name === "registry" && record.registry !== null) {
    await pushImages(toolbox, record.registry.imagesDir, record.registry.address);
  }
}
