import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realTimers } from "../../pkg/runtime/timers.ts";
import { waitFor } from "../cluster/wait.ts";
import { launchController, waitUntilReady, type ControllerLaunch } from "./platform/controller-process.ts";

/** One line of the controller's log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** How the controller's process ended. */
export interface ControllerEnd {
  /** Null where a signal ended it. */
  readonly code: number | null;
  /** From the signal to the end. */
  readonly seconds: number;
}

/** The controller as a process of its own, on free ports. */
export interface ControllerUnderTest {
  readonly pid: number;
  /** What it has logged so far. */
  log(): Promise<readonly LogLine[]>;
  /** GET of a path of the health server. */
  health(path: string): Promise<Response>;
  /** The text of /metrics. */
  metrics(): Promise<string>;
  /**
   * Sends a signal (SIGTERM unless told otherwise) and waits for the end, which it makes itself after 20 s; at once
   * where the controller has ended already.
   */
  stop(signal?: NodeJS.Signals): Promise<ControllerEnd>;
}

export interface ControllerSettings {
  readonly kubeconfig: string;
  readonly databaseUrl: string;
  /** Settings that differ from those of the tests. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: ControllerLaunch["env"];
  /** Another entry point than the product's own. It must log what that one logs. */
  readonly entry?: NonNullable<ControllerLaunch["entry"]>;
  /** Whether to wait until it is ready (default), or only until its servers are up. */
  readonly untilReady?: boolean;
}

/** How long a target stays locked after somebody else deleted its run, in the tests. */
export const EXTERNAL_DELETION_SETTLE_MS = 1_000;

/** Ports that are free, no waiting that a test doesn't ask for, and no limit of requests below what tests create. */
const TEST_SETTINGS = {
  health: { port: 0, bindAddress: "127.0.0.1" },
  metrics: { port: 0 },
  kubeApi: { qps: 1_000, burst: 2_000 },
  externalDeletionSettle: `${String(EXTERNAL_DELETION_SETTLE_MS)}ms`,
  audit: { settle: "0s" },
};

const START_DEADLINE_MS = 60_000;
const STOP_LIMIT_MS = 20_000;

/** Starts it. Its folder goes with its end. */
export async function startControllerUnderTest(options: ControllerSettings): Promise<ControllerUnderTest> {
  const { kubeconfig, databaseUrl, settings = {}, env = {}, entry, untilReady = true } = options;
  const folder = await mkdtemp(join(tmpdir(), "controller-"));
  const child = await launchController({
    folder,
    kubeconfig,
    databaseUrl,
    env,
    settings: { ...TEST_SETTINGS, ...settings },
    ...(entry === undefined ? {} : { entry }),
  });
  const ended = once(child, "exit");
  const ports = await portsOf(child, folder);
  if (untilReady) await waitUntilReady(child, ports.health);
  return {
    pid: child.pid ?? 0,
    log: () => readLog(folder),
    health: (path) => fetch(`http://127.0.0.1:${String(ports.health)}${path}`),
    metrics: async () => (await fetch(`http://127.0.0.1:${String(ports.metrics)}/metrics`)).text(),
    async stop(signal = "SIGTERM") {
      const began = performance.now();
      if (isAlive(child)) child.kill(signal);
      const cancel = realTimers.after(STOP_LIMIT_MS, () => child.kill("SIGKILL"));
      await ended;
      cancel();
      const seconds = (performance.now() - began) / 1000;
      await rm(folder, { recursive: true, force: true });
      return { code: child.exitCode, seconds };
    },
  };
}

interface Ports {
  readonly health: number;
  readonly metrics: number;
}

/** The ports that the controller chose, from its log. */
async function portsOf(child: ChildProcess, folder: string): Promise<Ports> {
  let started: LogLine | undefined;
  await waitFor("the controller's servers", START_DEADLINE_MS, async () => {
    started = (await readLog(folder)).find(({ msg }) => msg === "started");
    if (started === undefined && !isAlive(child)) {
      throw new Error(`the controller ended while it was starting: ${await readFile(logOf(folder), "utf8")}`);
    }
    return started !== undefined;
  });
  return { health: Number(started?.["health"]), metrics: Number(started?.["metrics"]) };
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function logOf(folder: string): string {
  return join(folder, "controller.log");
}

/** The lines that are whole; what isn't JSON (a crash of Node) is kept as a message. */
async function readLog(folder: string): Promise<readonly LogLine[]> {
  const text = await readFile(logOf(folder), "utf8").catch(() => "");
  return text.split("\n").slice(0, -1).map(parseLine);
}

function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { level: "fatal", msg: line };
  }
}
