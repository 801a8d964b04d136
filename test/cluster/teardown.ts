import { rm, rmdir } from "node:fs/promises";
import { clearHost } from "./host.ts";
import type { Layout } from "./layout.ts";
import { killOwnProcesses } from "./own-processes.ts";

export interface TeardownOptions {
  /** Leaves the processes' output in the state folder, for finding out what went wrong. */
  readonly keepLogs?: boolean | undefined;
}

/**
 * Removes a cluster, whatever state it is in: its processes and containers, its traces on the host, its state folder.
 * Nothing is asked politely, because nothing is kept: a polite stop takes half a minute.
 */
export async function tearDown(layout: Layout, options: TeardownOptions = {}): Promise<void> {
  await killOwnProcesses(layout);
  await clearHost(layout);
  await removeState(layout, options.keepLogs === true);
}

/**
 * Only what a cluster makes is removed, whatever folder we were given. The record goes last: a removal that is
 * interrupted can be taken up again.
 */
async function removeState(layout: Layout, keepLogs: boolean): Promise<void> {
  const { processes, pki, kubeconfigs, etcd, registry, kubectlCache, home, logs, record } = layout;
  const made = [processes, pki, kubeconfigs, etcd, registry, kubectlCache, home, `${record}.new`];
  const removed = keepLogs ? made : [...made, logs];
  await Promise.all(removed.map((path) => rm(path, { recursive: true, force: true })));
  await rm(record, { force: true });
  // Fails if anything else is left in it, and then has to.
  await rmdir(layout.root).catch(() => undefined);
}
