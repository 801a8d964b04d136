import { existsSync, readdirSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { apiServerAddress } from "./pki.ts";
import { mustRun } from "./run-command.ts";
import { waitFor } from "./wait.ts";

const vethDeadlineMs = 10_000;
const prefixed = `${apiServerAddress}/32`;

/**
 * The Service network is one address on the loopback device. The Service `kubernetes` has this address, the API server
 * listens there, and pods reach it through their gateway: no kube-proxy, no packet filter rules, no address translation.
 */
export async function addAddress(): Promise<void> {
  await mustRun("ip", ["address", "add", prefixed, "dev", "lo"]);
}

/** Whether some cluster has the address. */
export function hasAddress(): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === apiServerAddress));
}

export async function removeAddress(): Promise<void> {
  if (hasAddress()) await mustRun("ip", ["address", "del", prefixed, "dev", "lo"]);
}

/** The kernel removes the links of containers some time after their network namespaces; the bridge goes after them. */
export async function removeBridge(name: string): Promise<void> {
  const folder = `/sys/class/net/${name}`;
  if (!existsSync(folder)) return;
  await waitFor(`the links of ${name} to go`, vethDeadlineMs, () => readdirSync(`${folder}/brif`).length === 0);
  await mustRun("ip", ["link", "del", name]);
}
