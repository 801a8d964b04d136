import { randomBytes } from "node:crypto";
import { access, chown, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { PostgresPrograms, ServerAccount } from "./postgres-programs.ts";

/** A database cluster's files, with the superuser's password beside them. */
export interface PostgresCluster {
  readonly data: string;
  readonly password: string;
}

/** What the server's programs see of our environment: nothing that changes what they do. */
export const serverEnvironment = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/**
 * The database cluster in `folder`, made there if there is none (0.5 s). The folder then belongs to the account.
 * The superuser is `postgres`; its password is random, one per cluster, in a file that only the account may read.
 */
export async function openPostgresCluster(
  folder: string,
  programs: PostgresPrograms,
  account: ServerAccount,
): Promise<PostgresCluster> {
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  if (!(await exists(data))) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await give(folder, account);
    await writeFile(passwordFile, randomBytes(18).toString("base64url"), { mode: 0o600 });
    await give(passwordFile, account);
    await initialise({ programs, account, data, passwordFile });
  }
  return { data, password: await readFile(passwordFile, "utf8") };
}

interface Initialisation {
  readonly programs: PostgresPrograms;
  readonly account: ServerAccount;
  readonly data: string;
  readonly passwordFile: string;
}

/** Runs initdb beside the final place, so that one that was interrupted is never taken for a whole cluster. */
async function initialise({ programs, account, data, passwordFile }: Initialisation): Promise<void> {
  const draft = `${data}.new`;
  await rm(draft, { recursive: true, force: true });
  const settings = ["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"];
  const child = spawn(programs.initdb, [`--pgdata=${draft}`, `--pwfile=${passwordFile}`, ...settings], {
    ...account,
    env: serverEnvironment,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`initdb ended with code ${String(code)}: ${complaint.trim()}`);
  await rename(draft, data);
}

async function give(path: string, { uid, gid }: ServerAccount): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
