import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cacheDir } from "./cache-dir.ts";
import { mustRun, runCommand } from "./run-command.ts";

const loaderSegment = 3;

/** A statically linked busybox, from the cache, from the PATH or out of Debian's package; undefined if there is none. */
export async function findBusybox(): Promise<string | undefined> {
  const candidates = [cachedBusybox(), ...onPath("busybox"), ...onPath("busybox-static")];
  for (const candidate of candidates) if (await isStaticProgram(candidate)) return candidate;
  return undefined;
}

/** Finds busybox or takes it out of Debian's package, which does not get installed. */
export async function provideBusybox(): Promise<string> {
  const found = await findBusybox();
  if (found !== undefined) return found;
  const folder = join(cachedBusybox(), "..");
  await mkdir(folder, { recursive: true });
  const temporary = await mkdtemp(join(folder, "unfinished-"));
  try {
    await download(temporary);
    const [archive = ""] = (await readdir(temporary)).filter((name) => name.endsWith(".deb"));
    await mustRun("dpkg-deb", ["-x", join(temporary, archive), join(temporary, "content")]);
    // Distributions disagree on whether /bin is a folder of its own.
    const [program] = await existing(["bin", "usr/bin"].map((bin) => join(temporary, "content", bin, "busybox")));
    if (program === undefined) throw new Error("the package busybox-static holds no static busybox");
    await copyFile(program, join(temporary, "busybox"));
    await rename(join(temporary, "busybox"), cachedBusybox());
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return cachedBusybox();
}

/** Package lists may be missing or out of date: then they are fetched, which only root can. */
async function download(folder: string): Promise<void> {
  const args = ["download", "busybox-static"];
  if ((await runCommand("apt-get", args, { cwd: folder })).code === 0) return;
  await mustRun("apt-get", ["update"]);
  await mustRun("apt-get", args, { cwd: folder });
}

function cachedBusybox(): string {
  return join(cacheDir(), `busybox-${process.arch}`, "busybox");
}

function onPath(name: string): readonly string[] {
  return (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name));
}

async function existing(paths: readonly string[]): Promise<readonly string[]> {
  const checked = await Promise.all(paths.map(isStaticProgram));
  return paths.filter((_, index) => checked[index] === true);
}

async function isStaticProgram(path: string): Promise<boolean> {
  const content = await readFile(path).catch(() => undefined);
  return content !== undefined && isStaticElf(content);
}

/** Whether a 64-bit little-endian ELF file names no loader, so that it runs in an image that has nothing else. */
export function isStaticElf(content: Buffer): boolean {
  if (content.length < 64 || content.toString("latin1", 0, 4) !== "\x7fELF") return false;
  const start = Number(content.readBigUInt64LE(32));
  const size = content.readUInt16LE(54);
  const count = content.readUInt16LE(56);
  if (start + size * count > content.length) return false;
  const types = Array.from({ length: count }, (_, index) => content.readUInt32LE(start + size * index));
  return !types.includes(loaderSegment);
}
