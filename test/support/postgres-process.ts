import { spawn } from "node:child_process";
import type { ChildProcess, StdioOptions } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { reservePorts } from "../cluster/ports.ts";
import { waitFor } from "../cluster/wait.ts";
import { serverEnvironment } from "./postgres-cluster.ts";
import type { PostgresCluster } from "./postgres-cluster.ts";
import type { PostgresPrograms, ServerAccount } from "./postgres-programs.ts";

export interface ServerLaunch {
  readonly programs: PostgresPrograms;
  readonly account: ServerAccount;
  readonly cluster: PostgresCluster;
  readonly port: number;
  /** Whether a commit survives a crash of the machine. A crash of the server alone is survived either way. */
  readonly durable: boolean;
}

/** Starts the server program, which then is not yet ready for connections. */
export function launchServer(launch: ServerLaunch, stdio: StdioOptions, detached: boolean): ChildProcess {
  const { data } = launch.cluster;
  const child = spawn(launch.programs.postgres, ["-D", data, "-p", String(launch.port), ...settings(launch.durable)], {
    ...launch.account,
    cwd: data,
    env: serverEnvironment,
    stdio,
    detached,
  });
  // A program that can't be started has no pid, which is what the caller looks at.
  child.on("error", () => undefined);
  return child;
}

function settings(durable: boolean): string[] {
  const volatile = durable ? [] : ["fsync=off", "full_page_writes=off"];
  const all = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_buffers=32MB", "timezone=UTC"];
  return [...all, ...volatile].flatMap((setting) => ["-c", setting]);
}

/**
 * Waits until the server says, in the file that pg_ctl reads too, that it accepts connections.
 *
 * @returns false if it ended before
 */
export async function becomesReady(child: ChildProcess, data: string): Promise<boolean> {
  const { pid } = child;
  if (pid === undefined) return false;
  let ready = false;
  await waitFor("PostgreSQL to accept connections", 30_000, async () => {
    ready = await isReady(pid, data);
    return ready || hasEnded(child);
  });
  return ready;
}

async function isReady(pid: number, data: string): Promise<boolean> {
  const lines = (await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  // Line 1 is the pid (a file that a crash left has another), line 8 the state.
  return lines[0] === String(pid) && lines[7]?.trim() === "ready";
}

export function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** The URL of the superuser's connection to the database `postgres`. */
export function serverUrl(cluster: PostgresCluster, port: number): string {
  return `postgres://postgres:${cluster.password}@127.0.0.1:${String(port)}/postgres`;
}

/** A port of the loopback address that nobody uses at the moment. */
export async function anyFreePort(): Promise<number> {
  const ports = await reservePorts(["postgres"]);
  await ports.release("postgres");
  return ports.numbers.postgres;
}
