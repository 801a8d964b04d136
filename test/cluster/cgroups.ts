import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

interface Hierarchy {
  readonly mountPoint: string;
  readonly version: 1 | 2;
}

/** Makes the cgroup below which kubelet puts all pods, so that they can't be mistaken for another kubelet's. */
export async function makeCgroup(name: string): Promise<void> {
  for (const { mountPoint, version } of await hierarchies()) {
    if (version === 2) await delegateControllers(mountPoint);
    await mkdir(join(mountPoint, name), { recursive: true });
  }
}

/** Removes the cgroup with all below it. No process may be in it any more. */
export async function removeCgroup(name: string): Promise<void> {
  for (const { mountPoint } of await hierarchies()) await removeTree(join(mountPoint, name));
}

async function hierarchies(): Promise<readonly Hierarchy[]> {
  const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n").map((line) => line.split(" "));
  return mounts.flatMap(([, mountPoint, type]) => {
    if (mountPoint === undefined || (type !== "cgroup" && type !== "cgroup2")) return [];
    return [{ mountPoint, version: type === "cgroup2" ? 2 : 1 } as const];
  });
}

/** In version 2 a cgroup's children only have the controllers that it hands on. */
async function delegateControllers(mountPoint: string): Promise<void> {
  const controllers = (await readFile(join(mountPoint, "cgroup.controllers"), "utf8")).trim().split(" ");
  for (const controller of controllers.filter((each) => each !== "")) {
    await writeFile(join(mountPoint, "cgroup.subtree_control"), `+${controller}`).catch(() => undefined);
  }
}

/** A cgroup is removed like an empty folder, although it shows files. */
async function removeTree(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(path, entry.name));
  await rmdir(path).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  });
}
