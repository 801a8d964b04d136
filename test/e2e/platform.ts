/** What all suites share: one cluster with Tekton, one PostgreSQL, the bundles, and a witness of all that happens. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClusterApi } from "../../pkg/kube/cluster-api.ts";
import { createConnection } from "../../pkg/kube/connection.ts";
import type { ClusterApi } from "../../pkg/controller/ports.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { startCluster } from "../cluster/start.ts";
import { writeControllerKubeconfig } from "../support/platform/controller-kubeconfig.ts";
import { createTargetNamespace, installProduct, mustKubectl, projectPath } from "../support/platform/manifests.ts";
import { pushBundle } from "../support/platform/push-bundle.ts";
import { openTestDatabase } from "../support/postgres-database.ts";
import { startWitness, type Witness } from "../support/witness/witness.ts";

/** Where the controller makes its runs. */
export const EXECUTION_NAMESPACE = "kubernaut-workflows";
/** Where the executions and their targets are. */
export const NAMESPACE = "e2e";

export interface Platform {
  readonly cluster: Cluster;
  /** kubectl as administrator, which has to succeed; gives its output. */
  readonly kubectl: (...args: readonly string[]) => Promise<string>;
  /** Typed requests as administrator. */
  readonly api: ClusterApi;
  readonly databaseUrl: string;
  readonly witness: Witness;
  readonly bundles: Readonly<Record<BundleName, string>>;
  /** For the files of controllers; removed in the end. */
  readonly folder: string;
  /** Of the controller's own service account. */
  readonly controllerKubeconfig: string;
  /** Removes everything, but for the logs where they are still wanted. */
  readonly stop: (options?: StopOptions) => Promise<void>;
}

interface StopOptions {
  readonly keepLogs: boolean;
}

type Undo = (options: StopOptions) => Promise<unknown>;

/** How a suite gets at the platform, which is up when its tests run. */
export type Stage = () => Platform;

const BUNDLES = {
  restart: "bundles/restart-deployment",
  pause: "test/e2e/bundles/pause",
  failing: "test/e2e/bundles/failing",
} as const;
export type BundleName = keyof typeof BUNDLES;

/** Starts the platform; there is no controller yet. */
export async function startPlatform(): Promise<Platform> {
  const undo: Undo[] = [];
  async function stop(options: StopOptions = { keepLogs: false }): Promise<void> {
    for (const next of undo.splice(0).toReversed()) await next(options);
  }
  try {
    return { ...(await bringUp(undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bringUp(undo: Undo[]): Promise<Omit<Platform, "stop">> {
  const cluster = await startCluster({ profile: "full", onProgress: console.log });
  undo.push((options) => cluster.stop(options));
  const database = await openTestDatabase();
  undo.push(() => database.close());
  const folder = await mkdtemp(join(tmpdir(), "wfe-e2e-"));
  undo.push(async ({ keepLogs }) => {
    if (keepLogs) console.log(`logs are kept in ${folder} and ${cluster.stateDir}`);
    else await rm(folder, { recursive: true, force: true });
  });
  await installProduct(cluster);
  await createTargetNamespace(cluster, NAMESPACE);
  const { kubeconfig } = cluster;
  const connection = createConnection({ kubeconfig, timeoutMs: 15_000, rate: { qps: 1_000, burst: 1_000 } });
  undo.push(() => connection.close());
  const witness = await startWitness({ kubeconfig, executionNamespace: EXECUTION_NAMESPACE });
  undo.push(() => witness.stop());
  const controllerKubeconfig = join(folder, "kubeconfig");
  await writeControllerKubeconfig(cluster, controllerKubeconfig);
  return {
    ...{ cluster, witness, folder, controllerKubeconfig },
    kubectl: (...args) => mustKubectl(cluster, args),
    api: createClusterApi(connection),
    databaseUrl: database.url,
    bundles: await pushBundles(cluster),
  };
}

async function pushBundles(cluster: Cluster): Promise<Platform["bundles"]> {
  const pushed: Partial<Record<BundleName, string>> = {};
  for (const name of Object.keys(BUNDLES) as BundleName[]) {
    pushed[name] = await pushBundle(cluster, projectPath(BUNDLES[name]));
  }
  return pushed as Platform["bundles"];
}
