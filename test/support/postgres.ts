import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { join } from "node:path";
import { openPostgresCluster } from "./postgres-cluster.ts";
import { anyFreePort, becomesReady, hasEnded, launchServer, serverUrl } from "./postgres-process.ts";
import type { ServerLaunch } from "./postgres-process.ts";
import { findPostgresPrograms, openFolder, serverAccount } from "./postgres-programs.ts";

/** A real PostgreSQL on a port of the loopback address. It ends with the process that started it, however that ends. */
export interface PostgresServer {
  /** Of the superuser, to the database `postgres`. Stays the same over halt and resume. */
  readonly url: string;
  /** Where its data and its password are. */
  readonly folder: string;
  /**
   * Ends the server and keeps its data. SIGINT: open connections are cut, everything is written. SIGQUIT and SIGKILL:
   * a crash. Resolves when its last process is gone.
   */
  halt(signal: "SIGINT" | "SIGQUIT" | "SIGKILL"): Promise<void>;
  /** Starts it again after halt, on the same data and port. */
  resume(): Promise<void>;
  /** Ends it and removes its data, unless the caller named a data folder. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Where to keep the data. What is there is used again. Without it: a new temporary folder. */
  readonly dataDir?: string;
  /** 1..65535. Without it: any free one. */
  readonly port?: number;
  /** Whether commits survive a crash of the machine (fsync); default false, a crash of the server they do survive. */
  readonly durable?: boolean;
}

/** Starts a server of its own for whoever asks: 0.6 s, of which 0.5 s make a new database cluster. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const account = serverAccount();
  const programs = await findPostgresPrograms(account);
  const folder = options.dataDir ?? (await mkdtemp(join(await openFolder(), "postgres-")));
  const cluster = await openPostgresCluster(folder, programs, account);
  const port = options.port ?? (await anyFreePort());
  const launch = { programs, account, cluster, port, durable: options.durable ?? false };
  const removed = options.dataDir === undefined ? folder : undefined;
  const guard = guardServer(cluster.data, removed);
  const server = await runServer(launch, async () => {
    guard.kill("SIGKILL");
    if (removed !== undefined) await rm(removed, { recursive: true, force: true });
  });
  return { ...server, folder };
}

async function runServer(launch: ServerLaunch, cleanUp: () => Promise<void>): Promise<Omit<PostgresServer, "folder">> {
  let server: ChildProcess | undefined;
  async function resume(): Promise<void> {
    server = await startServer(launch);
  }
  async function halt(signal: NodeJS.Signals): Promise<void> {
    if (server !== undefined && !hasEnded(server)) {
      const closed = once(server, "close");
      server.kill(signal);
      await closed;
    }
    server = undefined;
  }
  async function stop(): Promise<void> {
    await halt("SIGQUIT");
    await cleanUp();
  }
  await resume().catch(async (error: unknown) => {
    await cleanUp();
    throw error;
  });
  return { url: serverUrl(launch.cluster, launch.port), halt, resume, stop };
}

/** @throws Error with what the server said, where it ended at once */
async function startServer(launch: ServerLaunch): Promise<ChildProcess> {
  const server = launchServer(launch, ["ignore", "ignore", "pipe"], false);
  let said = "";
  // Read to the end and mostly forgotten: a server whose pipe is full stands still.
  server.stderr?.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  if (await becomesReady(server, launch.cluster.data)) return server;
  throw new Error(`PostgreSQL on port ${String(launch.port)} ended while it was starting: ${said.trim()}`);
}

/**
 * A shell that waits for the end of our side of a pipe, which comes also when we are killed, and then ends the server
 * and removes its data: no test, however it ends, leaves a server behind.
 */
function guardServer(data: string, removed: string | undefined): ChildProcess {
  const script = `read -r _
    pid=$(head -n 1 "$1/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid"
    while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    [ -z "$2" ] || rm -rf "$2"`;
  const guard = spawn("/bin/sh", ["-c", script, "sh", data, removed ?? ""], {
    stdio: ["pipe", "ignore", "ignore"],
    // In a session of its own, so that a Ctrl-C doesn't end it before its work.
    detached: true,
  });
  guard.unref();
  (guard.stdin as unknown as Socket).unref();
  return guard;
}
