import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addAddress, removeAddress, removeBridge } from "./network.ts";
import { makeCgroup, removeCgroup } from "./cgroups.ts";
import { runDirs } from "./layout.ts";
import type { Layout } from "./layout.ts";
import { mustRun } from "./run-command.ts";
import { readSysctls, restoreSysctls } from "./sysctls.ts";

const passes = 3;

const networkCache = "/var/lib/cni";
const logLinks = "/var/log/containers";

/** Folders with a fixed place that kubelet and containerd make. Those that were there before stay. */
const fixedFolders = ["/var/lib/kubelet", logLinks, "/run/containerd", networkCache];

/** What a full cluster changes on its host, noted down before it is changed. */
export interface HostRecord {
  /** The state folder of the cluster that did it. */
  readonly owner: string;
  readonly sysctls: Readonly<Record<string, string>>;
  readonly newFolders: readonly string[];
}

/** Prepares the host for a full cluster: run-time folder, cgroup, and the API server's address on the loopback device. */
export async function prepareHost(layout: Layout): Promise<void> {
  await mkdir(layout.runDir, { mode: 0o711 });
  const newFolders = fixedFolders.filter((folder) => !existsSync(folder));
  const record: HostRecord = { owner: layout.root, sysctls: await readSysctls(), newFolders };
  await writeFile(hostRecordOf(layout.runDir), JSON.stringify(record, undefined, 2));
  await makeCgroup(layout.tag);
  await addAddress();
}

/** Undoes everything that `prepareHost` and the node's programs did. Its processes must be gone. */
export async function clearHost(layout: Layout): Promise<void> {
  if (!existsSync(layout.runDir)) return;
  const record = await readHostRecord(layout.runDir);
  if (record !== undefined && record.owner !== layout.root) return;
  await unmountBelow(layout.runDir);
  // Without a record the start was cut off before it changed anything else.
  if (record !== undefined) await undo(layout, record);
  await rm(layout.runDir, { recursive: true, force: true });
}

async function undo(layout: Layout, record: HostRecord): Promise<void> {
  await removeBridge(layout.tag);
  await removeAddress();
  await removeCgroup(layout.tag);
  await restoreSysctls(record.sysctls);
  await removeShimSockets(layout.runDir);
  await removeNetworkCache(layout.tag);
  await removeLogLinks(layout.runDir);
  await Promise.all(record.newFolders.map((folder) => rm(folder, { recursive: true, force: true })));
}

/** The state folders of all full clusters on this host, living or left over. */
export async function findFullClusters(): Promise<readonly string[]> {
  const folders = (await readdir(runDirs)).filter((name) => name.startsWith("wfe-"));
  const records = await Promise.all(folders.map((name) => readHostRecord(join(runDirs, name))));
  return records.flatMap((record) => (record === undefined ? [] : [record.owner]));
}

function hostRecordOf(runDir: string): string {
  return join(runDir, "host.json");
}

async function readHostRecord(runDir: string): Promise<HostRecord | undefined> {
  const text = await readFile(hostRecordOf(runDir), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as HostRecord);
}

/** Fails rather than letting a later removal of the folder reach into something that is still mounted. */
async function unmountBelow(folder: string): Promise<void> {
  for (let pass = 0; pass < passes; pass++) {
    const targets = await mountsBelow(folder);
    if (targets.length === 0) return;
    await mustRun("umount", targets).catch(() => undefined);
  }
  const left = await mountsBelow(folder);
  if (left.length > 0) throw new Error(`still mounted, unmount them yourself: ${left.join(" ")}`);
}

/** The innermost first. */
async function mountsBelow(folder: string): Promise<readonly string[]> {
  const mounts = await readFile("/proc/self/mounts", "utf8");
  const targets = mounts.split("\n").map((line) => line.split(" ")[1] ?? "");
  return targets.filter((target) => target.startsWith(`${folder}/`)).reverse();
}

/** Shims listen in a folder that all of containerd's users share; each notes its socket down in its container's folder. */
async function removeShimSockets(runDir: string): Promise<void> {
  const tasks = join(runDir, "containerd-state", "io.containerd.runtime.v2.task", "k8s.io");
  for (const container of await readdir(tasks).catch(() => [])) {
    const text = await readFile(join(tasks, container, "bootstrap.json"), "utf8").catch(() => "");
    const socket = /unix:\/\/(\/[^"]*\/containerd\/s\/[0-9a-f]+)/.exec(text)?.[1];
    if (socket !== undefined) await rm(socket, { force: true });
  }
}

/** The plugins' library keeps a file for each network of each pod: NETWORK-CONTAINER-INTERFACE. */
async function removeNetworkCache(network: string): Promise<void> {
  const folder = join(networkCache, "results");
  const files = await readdir(folder).catch(() => []);
  const own = files.filter((file) => file.startsWith(`${network}-`));
  const containers = own.map((file) => file.slice(network.length + 1).split("-")[0] ?? "");
  const all = files.filter((file) => containers.some((container) => file.includes(`-${container}-`)));
  await Promise.all(all.map((file) => rm(join(folder, file), { force: true })));
}

/** kubelet links each container's log there, wherever the logs themselves are. */
async function removeLogLinks(runDir: string): Promise<void> {
  const links = (await readdir(logLinks).catch(() => [])).map((name) => join(logLinks, name));
  for (const link of links) {
    const target = await readlink(link).catch(() => "");
    if (target.startsWith(`${runDir}/`)) await rm(link, { force: true });
  }
}
