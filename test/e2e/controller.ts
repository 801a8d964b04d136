import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { reservePorts } from "../cluster/ports.ts";
import { launchController, waitUntilReady, type ControllerLaunch } from "../support/platform/controller-process.ts";
import type { Platform, Stage } from "./platform.ts";

/** A controller in a process of its own, as its own service account. */
export interface Controller {
  /** Ends it as Kubernetes would, and checks that it says goodbye: exit code 0. */
  readonly stop: () => Promise<void>;
  /** Ends it without a warning (SIGKILL). */
  readonly kill: () => Promise<void>;
  /** Asks it to end, unless it has ended. Gives its exit code, or the signal that killed it. */
  readonly terminate: () => Promise<Ending>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<Ending>;
}

/** An exit code, or the signal that killed a process. */
type Ending = number | string;

interface ControllerOptions {
  /** Another entry point than the product's own. */
  readonly entry?: ControllerLaunch["entry"];
  /** Settings that differ from those that all tests have, as in config/controller.yaml. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Short, where the defaults give a person or a failover time. The cooldown is the default: the tests need it to last. */
const SETTINGS = { externalDeletionSettle: "3s", audit: { settle: "1s" }, log: { level: "debug", format: "text" } };

/** Starts a controller and waits until it is ready. */
export async function startController(platform: Platform, options: ControllerOptions = {}): Promise<Controller> {
  const folder = await mkdtemp(join(platform.folder, "controller-"));
  const { numbers, release } = await reservePorts(["health", "metrics"]);
  const ports = { health: { port: numbers.health }, metrics: { port: numbers.metrics } };
  await release("health", "metrics");
  const { controllerKubeconfig: kubeconfig, databaseUrl } = platform;
  const { entry, settings = {} } = options;
  const all = { ...SETTINGS, ...settings, ...ports };
  const launch = { folder, kubeconfig, databaseUrl, settings: all, ...(entry === undefined ? {} : { entry }) };
  const child = await launchController(launch);
  const ended = endOf(child);
  const endWithUs = killOnExit(child);
  void ended.then(endWithUs);
  await waitUntilReady(child, numbers.health).catch(async (error: unknown) => {
    child.kill("SIGKILL");
    throw new Error(await readFile(join(folder, "controller.log"), "utf8"), { cause: error });
  });
  async function terminate(): Promise<Ending> {
    child.kill("SIGTERM");
    return ended;
  }
  return {
    ended,
    terminate,
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
    stop: async () => {
      assert.equal(await terminate(), 0, "a controller that is asked to stop exits with code 0");
    },
  };
}

/** Runs so many controllers, with these settings, during the tests of the present suite. */
export function useControllers(stage: Stage, count: number, settings: ControllerOptions["settings"] = {}): void {
  let controllers: readonly Controller[] = [];
  before(async () => {
    controllers = await Promise.all(Array.from({ length: count }, () => startController(stage(), { settings })));
  });
  after(async () => {
    await Promise.all(controllers.map((controller) => controller.stop()));
  });
}

async function endOf(child: ChildProcess): Promise<Ending> {
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return code ?? signal ?? "unknown";
}

/** No controller outlives a test process that ends too early. */
function killOnExit(child: ChildProcess): () => void {
  function kill(): void {
    child.kill("SIGKILL");
  }
  process.once("exit", kill);
  return () => process.off("exit", kill);
}
