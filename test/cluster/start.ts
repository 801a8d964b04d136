import { buildPrograms } from "./build.ts";
import type { Toolbox } from "./build.ts";
import { claim, clearLeftovers } from "./claim.ts";
import { writeRecord } from "./cluster-record.ts";
import type { StartingRecord, UpRecord } from "./cluster-record.ts";
import { buildCluster, layoutAt, temporaryLayout } from "./cluster.ts";
import type { Cluster } from "./cluster.ts";
import type { Layout } from "./layout.ts";
import { registryAddress } from "./node.ts";
import { checkPreconditions } from "./preflight.ts";
import { identifySelf } from "./process-identity.ts";
import type { Profile } from "./programs.ts";
import { secondsSince } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { startControlPlaneAlone } from "./start-control-plane.ts";
import { makeSupplies, startFull } from "./start-full.ts";
import { tearDown } from "./teardown.ts";

export interface StartOptions {
  readonly profile: Profile;
  /** Where the cluster keeps its state; without it, in a new temporary folder. */
  readonly stateDir?: string;
  /** The registry's port on 127.0.0.1, 5000 unless told otherwise. Only `full` has a registry. */
  readonly registryPort?: number;
  /**
   * Whether the cluster goes on when we end. If not (the default), it is left over as soon as we are gone, and the next
   * start removes it.
   */
  readonly outlivesStarter?: boolean;
  /**
   * Whether etcd keeps every state that an object ever had, readable as JSON. If not (the default), the API server has it
   * forget what is older than some minutes, and writes its own kinds in a form that only it reads.
   */
  readonly keepsHistory?: boolean;
  readonly onProgress?: Progress;
}

const defaultRegistryPort = 5_000;

/**
 * Starts a cluster and waits until it is usable. The first time this compiles the programs, which takes minutes.
 * A start that fails removes everything but the logs.
 */
export async function startCluster(options: StartOptions): Promise<Cluster> {
  const { profile, registryPort = defaultRegistryPort, keepsHistory = false, onProgress: progress = ignore } = options;
  const given = options.stateDir === undefined ? undefined : await layoutAt(options.stateDir);
  await clearLeftovers(profile, given, progress);
  await checkPreconditions({ profile, layout: given, registryPort });
  const toolbox = await buildPrograms(profile, progress);
  const bringUp = await planBringUp({ profile, registryPort, keepsHistory, toolbox, progress });
  const began = Date.now();
  const layout = given ?? (await temporaryLayout());
  const starting: StartingRecord = {
    profile,
    phase: "starting",
    starter: identifySelf(),
    outlivesStarter: options.outlivesStarter ?? false,
  };
  await claim(layout, starting);
  const record: UpRecord = { ...starting, phase: "up", ...(await orTearDown(layout, bringUp)) };
  await writeRecord(layout, record);
  progress(`the cluster is up after ${secondsSince(began)} s: ${record.server}`);
  return buildCluster(layout, record, toolbox);
}

type Endpoints = Pick<UpRecord, "server" | "etcd" | "registry">;

interface Plan {
  readonly profile: Profile;
  readonly registryPort: number;
  readonly keepsHistory: boolean;
  readonly toolbox: Toolbox;
  readonly progress: Progress;
}

/** Makes what can be made before there is a cluster. Gives what then starts it. */
async function planBringUp(plan: Plan): Promise<(layout: Layout) => Promise<Endpoints>> {
  const { profile, registryPort, keepsHistory, toolbox, progress } = plan;
  if (profile === "control-plane") {
    return async (layout) => ({
      ...(await startControlPlaneAlone({ layout, toolbox, keepsHistory }, progress)),
      registry: null,
    });
  }
  const supplies = await makeSupplies(toolbox, progress);
  return async (layout) => ({
    ...(await startFull(layout, supplies, { registryPort, keepsHistory }, progress)),
    registry: { address: registryAddress(registryPort), imagesDir: supplies.imagesDir },
  });
}

async function orTearDown(layout: Layout, bringUp: (layout: Layout) => Promise<Endpoints>): Promise<Endpoints> {
  try {
    return await bringUp(layout);
  } catch (error) {
    await tearDown(layout, { keepLogs: true });
    throw new Error(`the cluster did not come up; its logs are in ${layout.logs}`, { cause: error });
  }
}

function ignore(): void {
  // Nobody wants to know.
}
