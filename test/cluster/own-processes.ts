import { readdirSync } from "node:fs";
import type { Layout } from "./layout.ts";
import { hasEnded, readProcFile, statOf } from "./process-identity.ts";
import { marker } from "./processes.ts";
import { waitFor } from "./wait.ts";

const exitDeadlineMs = 30_000;

export interface HostProcess {
  readonly pid: number;
  readonly parent: number;
  /** Carries the cluster's mark in its environment or runs in the cluster's cgroup. */
  readonly marked: boolean;
}

/**
 * The processes that are a cluster's: those with its mark (what we started and what that started in turn, such as
 * containerd's shims), those in its cgroup (what runs in containers), and all descendants of either.
 */
export function selectOwn(processes: readonly HostProcess[], self: number): readonly number[] {
  const own = new Set(processes.filter((process) => process.marked).map((process) => process.pid));
  for (let before = -1; before !== own.size;) {
    before = own.size;
    for (const { pid, parent } of processes) if (own.has(parent)) own.add(pid);
  }
  own.delete(self);
  return [...own];
}

/** Kills everything that is a cluster's until nothing is left. */
export async function killOwnProcesses(layout: Layout): Promise<void> {
  await waitFor("the end of the cluster's processes", exitDeadlineMs, () => {
    const own = selectOwn(readHostProcesses(layout), process.pid);
    own.forEach(killNow);
    return own.length === 0;
  });
}

/** The pid of a kubelet on this host, whoever started it. */
export function findKubelet(): number | undefined {
  return readPids().find((pid) => {
    const stat = statOf(pid);
    return stat !== undefined && !hasEnded(stat) && readProcFile(pid, "comm")?.trim() === "kubelet";
  });
}

function readPids(): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readHostProcesses(layout: Layout): readonly HostProcess[] {
  return readPids().flatMap((pid) => {
    const stat = statOf(pid);
    if (stat === undefined || hasEnded(stat)) return [];
    return [{ pid, parent: stat.parent, marked: isMarked(pid, layout) }];
  });
}

function isMarked(pid: number, layout: Layout): boolean {
  const environment = readProcFile(pid, "environ")?.split("\0") ?? [];
  if (environment.includes(`${marker}=${layout.root}`)) return true;
  return readProcFile(pid, "cgroup")?.includes(`:/${layout.tag}/`) ?? false;
}

function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended since we looked.
  }
}
