import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { findToolbox } from "../../cluster/build.ts";
import { findBusybox } from "../../cluster/busybox.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { startCluster } from "../../cluster/start.ts";
import { waitFor } from "../../cluster/wait.ts";

const root = join(import.meta.dirname, "../../..");

/**
 * A control plane with the namespace `payment`, in which the workflows' service account has the rights of
 * config/samples/target-namespace.yaml and nowhere any other. No pods run: a Deployment without replicas rolls out at
 * once, one with replicas never does.
 */
export interface TargetCluster {
  readonly shell: readonly string[];
  /** The environment of a step: kubectl as the service account, and only the programs that the step image has. */
  readonly env: Readonly<Record<string, string>>;
  /** kubectl as administrator, has to succeed. Gives standard output. */
  readonly kubectl: (...args: readonly string[]) => Promise<string>;
  /** Puts a shell script in kubectl's place, in which $KUBECTL is the real one; without a script, the real one again. */
  readonly interpose: (script?: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts it. Each caller has its own. */
export async function startTargetCluster(): Promise<TargetCluster> {
  const cluster = await startCluster({ profile: "control-plane" });
  const folder = await mkdtemp(join(tmpdir(), "bundle-steps-"));
  async function kubectl(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await cluster.kubectl(args);
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
    return stdout;
  }
  await grantRights(cluster, kubectl);
  const kubeconfig = join(folder, "kubeconfig");
  await writeKubeconfig(cluster, await kubectl("create", "token", serviceAccount, `--namespace=${runs}`), kubeconfig);
  const { shell, path, interpose } = await provideTools(folder);
  return {
    shell,
    env: { PATH: path, KUBECONFIG: kubeconfig },
    kubectl,
    interpose,
    stop: async () => {
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const runs = "kubernaut-workflows";
const serviceAccount = "kubernaut-workflow-runner";

async function grantRights(cluster: Cluster, kubectl: TargetCluster["kubectl"]): Promise<void> {
  await kubectl("apply", `--filename=${root}/config/rbac`);
  for (const namespace of ["payment", "elsewhere"]) await kubectl("create", "namespace", namespace);
  await kubectl("apply", `--filename=${root}/config/samples/target-namespace.yaml`);
  const question = ["auth", "can-i", "patch", "deployments", "--namespace=payment"];
  const who = `--as=system:serviceaccount:${runs}:${serviceAccount}`;
  await waitFor(
    "the service account's rights",
    10_000,
    async () => (await cluster.kubectl([...question, who])).code === 0,
  );
}

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string }[];
}

async function writeKubeconfig(cluster: Cluster, token: string, path: string): Promise<void> {
  const admin = parse(await readFile(cluster.kubeconfig, "utf8")) as Kubeconfig;
  const [server] = admin.clusters;
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [server],
    users: [{ name: "step", user: { token: token.trim() } }],
    contexts: [{ name: "step", context: { cluster: server?.name, user: "step" } }],
    "current-context": "step",
  };
  await writeFile(path, stringify(config), { mode: 0o600 });
}

/** kubectl and, where there is a busybox, nothing but busybox: as in the image of the steps. */
async function provideTools(folder: string): Promise<Pick<TargetCluster, "shell" | "interpose"> & { path: string }> {
  const real = (await findToolbox()).pathOf("kubectl");
  const bin = join(folder, "bin");
  await mkdir(bin);
  const link = join(bin, "kubectl");
  async function interpose(script?: string): Promise<void> {
    await rm(link, { force: true });
    if (script === undefined) return symlink(real, link);
    await writeFile(link, `#!/bin/sh\nKUBECTL=${real}\n${script}\n`);
    await chmod(link, 0o755);
  }
  await interpose();
  // Scripts pause between tries. Nobody has to wait for that here.
  await symlink("/bin/true", join(bin, "sleep"));
  const busybox = await findBusybox();
  if (busybox === undefined) return { shell: ["/bin/sh"], path: `${bin}:/usr/bin:/bin`, interpose };
  const applets = ["awk", "cat", "cut", "grep", "sed", "tail", "tr"];
  await Promise.all(applets.map((applet) => symlink(busybox, join(bin, applet))));
  return { shell: [busybox, "sh"], path: bin, interpose };
}
