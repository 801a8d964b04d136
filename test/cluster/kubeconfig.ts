import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Layout } from "./layout.ts";

/** Who talks to the API server: each has a client certificate of this name. */
export type ClientName = "admin" | "scheduler" | "kubelet";

/** The path of a client's kubeconfig. */
export function kubeconfigOf(layout: Layout, client: ClientName): string {
  return join(layout.kubeconfigs, `${client}.kubeconfig`);
}

/** Writes a kubeconfig that holds its certificates, so that it may be copied elsewhere. */
export async function writeKubeconfig(layout: Layout, client: ClientName, server: string): Promise<void> {
  await mkdir(layout.kubeconfigs, { recursive: true, mode: 0o700 });
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [{ name: "test", cluster: { server, "certificate-authority-data": await encoded(layout, "ca.crt") } }],
    users: [
      {
        name: client,
        user: {
          "client-certificate-data": await encoded(layout, `${client}.crt`),
          "client-key-data": await encoded(layout, `${client}.key`),
        },
      },
    ],
    contexts: [{ name: "test", context: { cluster: "test", user: client } }],
  };
  await writeFile(kubeconfigOf(layout, client), stringify(config), { mode: 0o600 });
}

async function encoded(layout: Layout, file: string): Promise<string> {
  return (await readFile(join(layout.pki, file))).toString("base64");
}
