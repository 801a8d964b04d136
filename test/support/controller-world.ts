/**
 * All that a test of the whole controller needs around it: a real API server with the product's objects, a played
 * Tekton, a real PostgreSQL, and stores that watch what becomes of everything.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { API_VERSION } from "../../pkg/api/labels.ts";
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { WorkflowExecution, WorkflowExecutionSpec } from "../../pkg/api/workflow-execution.ts";
import type { ClusterApi } from "../../pkg/controller/ports.ts";
import { createStores, type Stores } from "../../pkg/controller/stores.ts";
import { createClusterApi, resourceTypes } from "../../pkg/kube/cluster-api.ts";
import { createConnection, type Connection } from "../../pkg/kube/connection.ts";
import { createListWatch } from "../../pkg/kube/list-watch.ts";
import { createReflector } from "../../pkg/runtime/reflector.ts";
import type { StoreFeed } from "../../pkg/runtime/store.ts";
import { realTimers } from "../../pkg/runtime/timers.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { startCluster } from "../cluster/start.ts";
import { writeControllerKubeconfig } from "./platform/controller-kubeconfig.ts";
import { installProduct, mustKubectl } from "./platform/manifests.ts";
import { startPostgres, type PostgresServer } from "./postgres.ts";
import { installTektonCrds } from "./tekton-player/install.ts";
import type { WritingMove } from "./tekton-player/make-move.ts";
import { startTektonPlayer, type TektonPlayer } from "./tekton-player/player.ts";

/** Where runs are, and where executions are created. */
export const RUNS = "kubernaut-workflows";
export const REQUESTS = "remediation";

export interface World {
  readonly cluster: Cluster;
  readonly postgres: PostgresServer;
  /** As administrator. */
  readonly api: ClusterApi;
  readonly connection: Connection;
  readonly player: TektonPlayer;
  /** What the API server has, watched. */
  readonly stores: Stores;
  /** Of the controller's own service account. */
  readonly controllerKubeconfig: string;
  /** kubectl, which has to succeed. Gives its output. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** Waits until `check` gives something, asked again after each change of anything. */
  until<T>(what: string, check: () => T | undefined, deadlineMs?: number): Promise<T>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly onMove?: (move: WritingMove) => void;
  /** Whether etcd keeps every state of every object; if not (the default), only the newest. */
  readonly keepsHistory?: boolean;
  /** Whether PostgreSQL brings every commit to the disk, as it does outside of tests; default false. */
  readonly durable?: boolean;
}

/** Starts it, without a controller. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { keepsHistory = false, durable = false } = options;
  const [cluster, postgres] = await Promise.all([
    startCluster({ profile: "control-plane", keepsHistory }),
    startPostgres({ durable }),
  ]);
  await Promise.all([installProduct(cluster), installTektonCrds(cluster)]);
  await mustKubectl(cluster, ["create", "namespace", REQUESTS]);
  const folder = await mkdtemp(join(tmpdir(), "controller-world-"));
  const controllerKubeconfig = join(folder, "kubeconfig");
  await writeControllerKubeconfig(cluster, controllerKubeconfig);
  const rate = { qps: 2_000, burst: 4_000 };
  const connection = createConnection({ kubeconfig: cluster.kubeconfig, timeoutMs: 15_000, rate });
  const player = await startTektonPlayer({ connection, namespace: RUNS, ...options });
  const stores = createStores();
  const endWatching = await watchAll(connection, stores);
  return {
    ...{ cluster, postgres, connection, player, stores, controllerKubeconfig },
    api: createClusterApi(connection),
    kubectl: (...args) => mustKubectl(cluster, args),
    until: (what, check, deadlineMs = 30_000) => untilChange(stores, { what, check, deadlineMs }),
    async stop() {
      await Promise.all([player.stop(), endWatching()]);
      await connection.close();
      await Promise.all([cluster.stop(), postgres.stop(), rm(folder, { recursive: true, force: true })]);
    },
  };
}

/** What a test says of an execution; everything else is harmless. */
export interface ExecutionParts {
  readonly name: string;
  readonly target: string;
  readonly workflowId?: string;
  /** Parameters, those of the player's script among them. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly spec?: Partial<WorkflowExecutionSpec>;
}

export const BUNDLE = `registry.example.com/workflows/played@sha256:${"a".repeat(64)}`;

/** An execution that is played as its parameters say. */
export function aPlayedExecution(parts: ExecutionParts): WorkflowExecution {
  const { name, target, workflowId = "restart-deployment", parameters, spec = {} } = parts;
  return {
    apiVersion: API_VERSION,
    kind: "WorkflowExecution",
    metadata: { name, namespace: REQUESTS },
    spec: {
      remediationRequestRef: { name: `${name}-request` },
      workflowRef: { workflowId, version: "1.0.0", containerImage: BUNDLE },
      targetResource: target,
      ...(parameters === undefined ? {} : { parameters }),
      ...spec,
    },
  };
}

type ResourceName = keyof typeof resourceTypes;

/** Fills the stores. Gives what ends it. */
async function watchAll(connection: Connection, stores: Stores): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  const names = Object.keys(resourceTypes) as ResourceName[];
  const reflectors = names.map((name) => {
    const target = stores[name] as StoreFeed<KubernetesObject, KubernetesObject>;
    const source = createListWatch<KubernetesObject>(connection, resourceTypes[name], {});
    const backoff = { baseMs: 100, maxMs: 1_000, jitter: "equal" } as const;
    return createReflector({ source, store: target, timers: realTimers, random: Math.random, settings: { backoff } });
  });
  const running = reflectors.map((reflector) => reflector.run(stopping.signal));
  await Promise.all(reflectors.map((reflector) => reflector.synced));
  return async () => {
    stopping.abort();
    await Promise.all(running);
  };
}

interface Awaited<T> {
  readonly what: string;
  readonly check: () => T | undefined;
  readonly deadlineMs: number;
}

function untilChange<T>(stores: Stores, { what, check, deadlineMs }: Awaited<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const ends = Object.values(stores).map((store) => (store as Stores["pods"]).subscribe(look));
  const cancel = realTimers.after(deadlineMs, () => {
    reject(new Error(`gave up waiting for ${what} after ${String(deadlineMs / 1000)} s`));
  });
  look();
  return promise.finally(() => {
    cancel();
    ends.forEach((end) => {
      end();
    });
  });

  function look(): void {
    try {
      const found = check();
      if (found !== undefined) resolve(found);
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
