import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Layout } from "./layout.ts";
import { identify, isRunning } from "./process-identity.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { isReady } from "./readiness.ts";
import type { ReadyCheck } from "./readiness.ts";
import { waitFor } from "./wait.ts";

const readyDeadlineMs = 120_000;
const exitDeadlineMs = 60_000;

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly ready: ReadyCheck;
}

export interface ProcessRecord {
  readonly spec: ProcessSpec;
  readonly identity: ProcessIdentity;
}

/** The environment variable by which a cluster's processes, and what they start, are recognised as its own. */
export const marker = "WORKFLOW_EXECUTION_TEST_CLUSTER";

/** Starts a process in a session of its own, so that it outlives us, and notes down who it is. Does not wait for it. */
export async function startProcess(layout: Layout, spec: ProcessSpec): Promise<ProcessRecord> {
  const folders = [layout.logs, layout.processes, layout.home];
  await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true })));
  const log = openSync(logOf(layout, spec.name), "a");
  try {
    const child = spawn(spec.command, spec.args, {
      detached: true,
      stdio: ["ignore", log, log],
      cwd: layout.home,
      env: environmentOf(layout, spec),
    });
    child.on("error", () => undefined);
    child.unref();
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity === undefined) throw new Error(`${spec.name} can't be started: ${spec.command}`);
    const record = { spec, identity };
    await writeRecord(layout, record);
    return record;
  } finally {
    closeSync(log);
  }
}

/** Waits until a started process is ready. Fails as soon as it ends, with what it said last. */
export async function waitUntilReady(layout: Layout, { spec, identity }: ProcessRecord): Promise<void> {
  await waitFor(`${spec.name} (log: ${logOf(layout, spec.name)})`, readyDeadlineMs, async () => {
    if (!isRunning(identity)) {
      throw new Error(`${spec.name} ended while it was starting:\n${await lastLogLines(layout, spec.name)}`);
    }
    return isReady(spec.ready);
  });
}

/** Starts a process and waits until it is ready. */
export async function startAndWait(layout: Layout, spec: ProcessSpec): Promise<void> {
  await waitUntilReady(layout, await startProcess(layout, spec));
}

/** Sends a signal. After one that ends a process, waits for the end. */
export async function signalProcess(record: ProcessRecord, signal: NodeJS.Signals): Promise<void> {
  const { identity, spec } = record;
  if (!isRunning(identity)) return;
  process.kill(identity.pid, signal);
  if (!["SIGKILL", "SIGTERM", "SIGINT"].includes(signal)) return;
  await waitFor(`the end of ${spec.name}`, exitDeadlineMs, () => !isRunning(identity));
}

/** Everything that was started for a cluster, running or not. */
export async function readProcesses(layout: Layout): Promise<readonly ProcessRecord[]> {
  const files = await readdir(layout.processes).catch(() => []);
  const records = files.filter((file) => file.endsWith(".json")).map((file) => join(layout.processes, file));
  return Promise.all(records.map(async (file) => JSON.parse(await readFile(file, "utf8")) as ProcessRecord));
}

/** One process by its name. */
export async function readProcess(layout: Layout, name: string): Promise<ProcessRecord> {
  const records = await readProcesses(layout);
  const found = records.find((record) => record.spec.name === name);
  if (found === undefined) {
    throw new Error(`no process is called ${name}; there are ${records.map((record) => record.spec.name).join(", ")}`);
  }
  return found;
}

/** Renamed into place: whoever reads it finds all of it, however we end. */
async function writeRecord(layout: Layout, record: ProcessRecord): Promise<void> {
  const path = join(layout.processes, `${record.spec.name}.json`);
  await writeFile(`${path}.new`, JSON.stringify(record, undefined, 2));
  await rename(`${path}.new`, path);
}

/** Little is inherited: a proxy or a KUBECONFIG of the user's must not lead a component elsewhere. */
function environmentOf(layout: Layout, spec: ProcessSpec): Record<string, string> {
  const path = process.env["PATH"] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  return { PATH: path, HOME: layout.home, ...spec.env, [marker]: layout.root };
}

function logOf(layout: Layout, name: string): string {
  return join(layout.logs, `${name}.log`);
}

async function lastLogLines(layout: Layout, name: string): Promise<string> {
  const text = await readFile(logOf(layout, name), "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-15).join("\n");
}
