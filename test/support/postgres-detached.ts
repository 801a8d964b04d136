import { closeSync, openSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ChildProcess } from "node:child_process";
import { identify, isRunning } from "../cluster/process-identity.ts";
import type { ProcessIdentity } from "../cluster/process-identity.ts";
import { waitFor } from "../cluster/wait.ts";
import { openPostgresCluster } from "./postgres-cluster.ts";
import { anyFreePort, becomesReady, launchServer, serverUrl } from "./postgres-process.ts";
import type { ServerLaunch } from "./postgres-process.ts";
import { findPostgresPrograms, isOpenToAll, openFolder, serverAccount } from "./postgres-programs.ts";
import type { ServerAccount } from "./postgres-programs.ts";

/** What the state folder knows about the server that was started there. */
interface ServerRecord {
  readonly identity: ProcessIdentity;
  readonly url: string;
  readonly folder: string;
}

export interface DetachedOptions {
  /** Holds the record, the log and, where the server's account may enter it, the data. */
  readonly stateDir: string;
  /** 1..65535. Without it: any free one. */
  readonly port?: number;
}

/**
 * Starts a PostgreSQL that outlives us, until stopPostgresDetached. Where one already runs for this folder, gives that.
 * The data stay over stop and start. The record, with the password in the URL, is readable by us alone.
 */
export async function startPostgresDetached({ stateDir, port }: DetachedOptions): Promise<{ readonly url: string }> {
  const known = await readRecord(stateDir);
  if (known !== undefined && isRunning(known.identity)) return { url: known.url };
  await mkdir(stateDir, { recursive: true });
  const account = serverAccount();
  const programs = await findPostgresPrograms(account);
  const folder = known?.folder ?? (await newDataFolder(resolve(stateDir), account));
  const cluster = await openPostgresCluster(folder, programs, account);
  const chosen = port ?? (await anyFreePort());
  const url = serverUrl(cluster, chosen);
  const server = launchWithLog({ programs, account, cluster, port: chosen, durable: true }, logOf(stateDir));
  const identity = server.pid === undefined ? undefined : identify(server.pid);
  // Before it is ready: a start that is broken off here must not leave a server that nobody knows.
  if (identity !== undefined) await writeRecord(stateDir, { identity, url, folder });
  if (await becomesReady(server, cluster.data)) return { url };
  throw new Error(`PostgreSQL on port ${String(chosen)} ended while it was starting; its log: ${logOf(stateDir)}`);
}

/** Ends the server of this folder, if one runs, and waits for its end. With `removeData`, forgets everything. */
export async function stopPostgresDetached(
  stateDir: string,
  options: { readonly removeData?: boolean } = {},
): Promise<void> {
  const record = await readRecord(stateDir);
  if (record === undefined) return;
  if (isRunning(record.identity)) {
    process.kill(record.identity.pid, "SIGINT");
    await waitFor("the end of PostgreSQL", 30_000, () => !isRunning(record.identity));
  }
  if (options.removeData !== true) return;
  for (const path of [record.folder, recordOf(stateDir), logOf(stateDir)]) {
    await rm(path, { recursive: true, force: true });
  }
}

function launchWithLog(launch: ServerLaunch, path: string): ChildProcess {
  const log = openSync(path, "a", 0o600);
  try {
    const server = launchServer(launch, ["ignore", log, log], true);
    server.unref();
    return server;
  } finally {
    closeSync(log);
  }
}

/** In the state folder, or, where the server's account can't enter that, among the temporary files. */
async function newDataFolder(stateDir: string, account: ServerAccount): Promise<string> {
  if (account.uid === undefined || (await isOpenToAll(stateDir))) return join(stateDir, "postgres");
  return mkdtemp(join(await openFolder(), "postgres-"));
}

/** Renamed into place: whoever reads it finds all of it. */
async function writeRecord(stateDir: string, record: ServerRecord): Promise<void> {
  const draft = `${recordOf(stateDir)}.new`;
  await writeFile(draft, JSON.stringify(record, undefined, 2), { mode: 0o600 });
  await rename(draft, recordOf(stateDir));
}

async function readRecord(stateDir: string): Promise<ServerRecord | undefined> {
  const text = await readFile(recordOf(stateDir), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as ServerRecord);
}

function recordOf(stateDir: string): string {
  return join(stateDir, "postgres.json");
}

function logOf(stateDir: string): string {
  return join(stateDir, "postgres.log");
}
