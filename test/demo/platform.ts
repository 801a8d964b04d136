/** The whole platform on one machine: Kubernetes with Tekton, PostgreSQL, the workflows, the controller. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findToolbox } from "../cluster/build.ts";
import { openCluster, stopCluster, type Cluster } from "../cluster/cluster.ts";
import { isRunning } from "../cluster/process-identity.ts";
import { startCluster } from "../cluster/start.ts";
import { waitFor } from "../cluster/wait.ts";
import { writeControllerKubeconfig } from "../support/platform/controller-kubeconfig.ts";
import { launchController, waitUntilReady } from "../support/platform/controller-process.ts";
import { installProduct, projectPath } from "../support/platform/manifests.ts";
import { pushBundle } from "../support/platform/push-bundle.ts";
import { startPostgresDetached, stopPostgresDetached } from "../support/postgres-detached.ts";
import { linkTo, makeFolders, places, recordController, runningController } from "./platform-state.ts";
import { step } from "./say.ts";

export interface Platform {
  readonly cluster: Cluster;
  readonly databaseUrl: string;
  /** `repository@sha256:…` of each bundle in bundles/, by the name of its folder. */
  readonly bundles: Readonly<Record<string, string>>;
}

const BUNDLES = ["restart-deployment", "increase-memory"];
const HEALTH_PORT = 8081;
/** Short enough to watch; the defaults are for production. */
const SETTINGS = { externalDeletionSettle: "10s", audit: { settle: "5s" }, log: { format: "text" } };

/** Starts what doesn't run yet. What runs is left alone. */
export async function startPlatform(): Promise<Platform> {
  await makeFolders();
  const cluster = await step("Kubernetes 1.35 with Tekton 1.15, from plain processes", upCluster);
  await linkTo(cluster.kubeconfig, places.kubeconfig);
  await linkTo((await findToolbox()).pathOf("kubectl"), places.kubectl);
  await step("the product: CRDs, namespaces, rights, policies", () => installProduct(cluster));
  const databaseUrl = await step("PostgreSQL for the audit trail", upDatabase);
  const bundles = await step("the workflows, pushed as OCI bundles", () => pushBundles(cluster));
  await step("the controller", () => upController(cluster, databaseUrl));
  return { cluster, databaseUrl, bundles };
}

/** Stops everything that startPlatform started, whatever became of it. */
export async function stopPlatform(): Promise<void> {
  await step("stopping the controller", downController);
  await step("stopping PostgreSQL", () => stopPostgresDetached(places.postgres, { removeData: true }));
  await step("stopping Kubernetes", () => stopCluster(places.cluster));
}

async function upCluster(progress: (line: string) => void): Promise<Cluster> {
  const running = await openCluster(places.cluster).catch(() => undefined);
  if (running !== undefined && (await running.kubectl(["get", "--raw", "/readyz"])).code === 0) {
    progress("runs already");
    return running;
  }
  const options = { profile: "full", stateDir: places.cluster, outlivesStarter: true, onProgress: progress } as const;
  const cluster = await startCluster(options);
  await linkTo(join(places.cluster, "logs"), join(places.logs, "kubernetes"));
  return cluster;
}

async function upDatabase(): Promise<string> {
  const given = process.env["DATABASE_URL"];
  if (given !== undefined && given !== "") return given;
  return (await startPostgresDetached({ stateDir: places.postgres })).url;
}

async function pushBundles(cluster: Cluster): Promise<Readonly<Record<string, string>>> {
  const pushed: Record<string, string> = {};
  for (const name of BUNDLES) pushed[name] = await pushBundle(cluster, projectPath(`bundles/${name}`));
  await writeFile(places.bundles, JSON.stringify(pushed, undefined, 2));
  return pushed;
}

async function upController(cluster: Cluster, databaseUrl: string): Promise<void> {
  if ((await runningController()) !== undefined) return;
  await writeControllerKubeconfig(cluster, places.controllerKubeconfig);
  const child = await launchController({
    folder: places.controller,
    kubeconfig: places.controllerKubeconfig,
    databaseUrl,
    settings: SETTINGS,
    detached: true,
  });
  if (child.pid !== undefined) await recordController(child.pid);
  await linkTo(join(places.controller, "controller.log"), join(places.logs, "controller.log"));
  await waitUntilReady(child, HEALTH_PORT);
}

async function downController(): Promise<void> {
  const identity = await runningController();
  if (identity === undefined) return;
  process.kill(identity.pid, "SIGTERM");
  await waitFor("the end of the controller", 15_000, () => !isRunning(identity));
}
