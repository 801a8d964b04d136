import { execFile } from "node:child_process";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PostgresServer } from "./postgres.ts";

/**
 * Copies all that belongs to a server to a folder that isn't there yet, from which `startPostgres` makes another one like
 * it. The server is stopped for that moment, so that the copy is whole.
 */
export async function copyPostgres(server: PostgresServer, folder: string): Promise<void> {
  await server.halt("SIGINT");
  try {
    // Not Node's own copy: the files belong to the server's account.
    await promisify(execFile)("cp", ["-a", server.folder, folder]);
  } finally {
    await server.resume();
  }
}

/** Gives a halted server other data, those of a folder as `copyPostgres` makes them; the folder is used up. */
export async function replacePostgresData(server: PostgresServer, folder: string): Promise<void> {
  const own = join(server.folder, "data");
  await rm(own, { recursive: true });
  await rename(join(folder, "data"), own);
}
