import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { identifySelf, isRunning } from "./process-identity.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { waitFor } from "./wait.ts";

/**
 * Does `work` while no other process holds the lock file. A holder that has died does not count.
 *
 * Two waiters that find the same dead holder at the same moment may both get in. That costs time, not correctness:
 * everything done under this lock is written elsewhere and renamed into place.
 */
export async function withLockFile<T>(
  path: string,
  onWait: (holder: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  let told = false;
  await waitFor(`the lock ${path}`, 3_600_000, async () => {
    if (await tryLock(path)) return true;
    const holder = await holderOf(path);
    if (holder !== undefined && !isRunning(holder)) await rm(path, { force: true });
    else if (holder !== undefined && !told) {
      told = true;
      onWait(holder.pid);
    }
    return false;
  });
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** A hard link appears with its content or not at all, so that nobody ever reads a lock without a holder. */
async function tryLock(path: string): Promise<boolean> {
  const own = `${path}.${String(process.pid)}`;
  await writeFile(own, JSON.stringify(identifySelf()));
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (isExisting(error)) return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

async function holderOf(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}
