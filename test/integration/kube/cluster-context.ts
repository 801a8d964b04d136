import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { parse, stringify } from "yaml";
import { type Connection, createConnection } from "../../../pkg/kube/connection.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { startCluster } from "../../cluster/start.ts";
import { waitFor } from "../../cluster/wait.ts";
import { widgetCrd } from "./widget.ts";

/** The namespace in which everything happens that needs no other. */
export const NAMESPACE = "kube-test";

/** Who a connection can be: the administrator, a service account that may only read ConfigMaps, or nobody known. */
export type User = "admin" | "powerless" | "stranger";

/** A real API server that serves widgets (widget.ts), for all tests of a file. */
export interface ClusterContext {
  readonly cluster: () => Cluster;
  /** As administrator, shared by all tests. */
  readonly connection: () => Connection;
  /** A connection of the test's own; the caller closes it. */
  readonly connect: (user?: User, timeoutMs?: number) => Connection;
  readonly kubectl: Kubectl;
}

/** kubectl's standard output. Rejects where it fails. */
type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

/** Starts the API server before the tests of the file and stops it after them. */
export function useCluster(): ClusterContext {
  let cluster: Cluster;
  let connection: Connection;
  let folder: string;

  before(async () => {
    cluster = await startCluster({ profile: "control-plane" });
    folder = await mkdtemp(join(tmpdir(), "kube-test-"));
    await writeUsers(cluster, kubectl, folder);
    connection = connect();
    await kubectl(["apply", "-f", "-"], JSON.stringify(widgetCrd));
    await kubectl(["wait", "crd", "--all", "--for=condition=Established", "--timeout=60s"]);
  });
  after(async () => {
    await connection.close();
    await cluster.stop();
    await rm(folder, { recursive: true });
  });

  function connect(user: User = "admin", timeoutMs = 15_000): Connection {
    const kubeconfig = user === "admin" ? cluster.kubeconfig : join(folder, user);
    return createConnection({ kubeconfig, timeoutMs, rate: { qps: 1_000, burst: 1_000 } });
  }
  async function kubectl(args: readonly string[], input?: string): Promise<string> {
    const { code, stdout, stderr } = await cluster.kubectl(args, input === undefined ? {} : { input });
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")} ended with ${String(code)}: ${stderr}`);
    return stdout;
  }
  return { cluster: () => cluster, connection: () => connection, connect, kubectl };
}

async function writeUsers(cluster: Cluster, kubectl: Kubectl, folder: string): Promise<void> {
  const here = `--namespace=${NAMESPACE}`;
  await kubectl(["create", "namespace", NAMESPACE]);
  await kubectl(["create", "serviceaccount", "powerless", here]);
  await kubectl(["create", "role", "reader", "--verb=get,list", "--resource=configmaps", here]);
  const account = `${NAMESPACE}:powerless`;
  await kubectl(["create", "rolebinding", "reader", "--role=reader", `--serviceaccount=${account}`, here]);
  const may = ["auth", "can-i", "list", "configmaps", here, `--as=system:serviceaccount:${account}`];
  await waitFor("the role's effect", 10_000, async () => (await cluster.kubectl(may)).code === 0);
  await writeFile(join(folder, "token"), await kubectl(["create", "token", "powerless", here]));
  const admin = await readFile(cluster.kubeconfig, "utf8");
  await writeFile(join(folder, "powerless"), asUser(admin, { tokenFile: "token" }));
  await writeFile(join(folder, "stranger"), asUser(admin, { token: "nobody-issued-this" }));
}

interface Kubeconfig {
  readonly contexts: readonly { readonly name: string; readonly context: { readonly cluster: string } }[];
}

/** The kubeconfig with another user. */
function asUser(text: string, user: unknown): string {
  const config = parse(text) as Kubeconfig;
  const contexts = config.contexts.map(({ name, context }) => ({ name, context: { ...context, user: "other" } }));
  return stringify({ ...config, contexts, users: [{ name: "other", user }] });
}
