import { createHash } from "node:crypto";
import {
  chmod,
  copyFile,
  cp,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Toolbox } from "./build.ts";
import { provideBusybox } from "./busybox.ts";
import { cacheDir } from "./cache-dir.ts";
import { withLockFile } from "./lock-file.ts";
import { writeOciLayout } from "./oci-layout.ts";
import type { ProgramName } from "./programs.ts";
import { timed } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { mustRun } from "./run-command.ts";

/** Images that steps may run. Both run as uid 65532 unless told otherwise. */
export interface ImageReferences {
  /** A shell and the usual small commands (busybox). */
  readonly shell: string;
  /** The same with kubectl. */
  readonly action: string;
}

interface Recipe {
  readonly name: string;
  /** Programs and where they are in the image. */
  readonly files: Readonly<Partial<Record<ProgramName, string>>>;
  readonly shell: boolean;
  readonly entrypoint: readonly string[];
}

function tektonImage(name: ProgramName): Recipe {
  return { name, files: { [name]: `ko-app/${name}` }, shell: false, entrypoint: [`/ko-app/${name}`] };
}

const recipes: readonly Recipe[] = [
  tektonImage("entrypoint"),
  tektonImage("nop"),
  tektonImage("workingdirinit"),
  tektonImage("sidecarlogresults"),
  // nop with this argument sleeps until SIGTERM, which is all that a pod's sandbox has to do.
  { name: "pause", files: { nop: "pause" }, shell: false, entrypoint: ["/pause", "tekton_run_indefinitely"] },
  { name: "shell", files: {}, shell: true, entrypoint: [] },
  { name: "action", files: { kubectl: "bin/kubectl" }, shell: true, entrypoint: [] },
];

/** A cluster's name of an image. It stays the same as long as the registry's address does. */
export function imageReference(registry: string, name: string): string {
  return `${registry}/test/${name}:1`;
}

export function imageReferences(registry: string): ImageReferences {
  return { shell: imageReference(registry, "shell"), action: imageReference(registry, "action") };
}

/** Makes all images, unless they are in the cache. Gives the folder with one OCI layout for each. */
export async function buildImages(toolbox: Toolbox, progress: Progress): Promise<string> {
  const busybox = await provideBusybox();
  const dir = join(cacheDir(), `images-${await imagesKey(toolbox, busybox)}`);
  if (existsSync(dir)) return dir;
  function waiting(holder: number): void {
    progress(`process ${String(holder)} makes the images already: waiting for it`);
  }
  await withLockFile(`${dir}.lock`, waiting, async () => {
    if (!existsSync(dir)) await timed(progress, "making images", () => writeImages(dir, toolbox, busybox));
  });
  return dir;
}

async function writeImages(dir: string, toolbox: Toolbox, busybox: string): Promise<void> {
  await removeUnfinished(dir);
  const temporary = await mkdtemp(`${dir}.unfinished-`);
  try {
    for (const recipe of recipes) {
      const root = join(temporary, "root");
      await fillRoot(root, recipe, { toolbox, busybox });
      await writeOciLayout(join(temporary, recipe.name), { root, entrypoint: recipe.entrypoint });
      await rm(root, { recursive: true });
    }
    await rename(temporary, dir);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** What is left of a maker that was killed. Nobody else makes these images while we hold the lock. */
async function removeUnfinished(dir: string): Promise<void> {
  const names = (await readdir(dirname(dir))).filter((name) => name.startsWith(`${basename(dir)}.unfinished-`));
  await Promise.all(names.map((name) => rm(join(dirname(dir), name), { recursive: true, force: true })));
}

interface Ingredients {
  readonly toolbox: Toolbox;
  readonly busybox: string;
}

/** Everything can be read and run by anybody, and /tmp written: steps do not run as root. */
async function fillRoot(root: string, recipe: Recipe, { toolbox, busybox }: Ingredients): Promise<void> {
  await mkdir(join(root, "tmp"), { recursive: true });
  await chmod(root, 0o755);
  await chmod(join(root, "tmp"), 0o1777);
  await mkdir(join(root, "etc"));
  await writeFile(
    join(root, "etc", "passwd"),
    "root:x:0:0:root:/:/bin/sh\nnonroot:x:65532:65532:nonroot:/tmp:/bin/sh\n",
  );
  await writeFile(join(root, "etc", "group"), "root:x:0:\nnonroot:x:65532:\n");
  if (recipe.shell) await addShell(root, busybox);
  for (const [name, path] of Object.entries(recipe.files)) {
    await addProgram(toolbox.pathOf(name as ProgramName), join(root, path));
  }
}

async function addShell(root: string, busybox: string): Promise<void> {
  await addProgram(busybox, join(root, "bin", "busybox"));
  const commands = (await mustRun(busybox, ["--list"])).trim().split("\n");
  const links = commands.filter((command) => command !== "busybox");
  await Promise.all(links.map((command) => symlink("busybox", join(root, "bin", command))));
}

async function addProgram(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  await chmod(to, 0o755);
}

async function imagesKey(toolbox: Toolbox, busybox: string): Promise<string> {
  const sources = [
    toolbox.binOf("tekton"),
    toolbox.binOf("kubernetes"),
    await readFile(busybox),
    ...(await ownSources()),
  ];
  const hash = createHash("sha256");
  for (const source of sources) hash.update(source);
  return hash.digest("hex").slice(0, 16);
}

/** How images are made decides about them as well. */
function ownSources(): Promise<readonly string[]> {
  const files = ["images.ts", "oci-layout.ts"].map((name) => join(import.meta.dirname, name));
  return Promise.all(files.map((file) => readFile(file, "utf8")));
}

/** Fills a registry. Blobs are linked into its folder beforehand: then it is told only what it has. */
export async function linkBlobs(imagesDir: string, registryDir: string): Promise<void> {
  const target = join(registryDir, "sha256");
  await mkdir(target, { recursive: true });
  for (const image of await readdir(imagesDir)) {
    const blobs = join(imagesDir, image, "blobs", "sha256");
    for (const blob of await readdir(blobs)) await linkOrCopy(join(blobs, blob), join(target, blob));
  }
}

/** Links fail across file systems, and where the same blob is in two images. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => cp(from, to, { force: false }));
}

export async function pushImages(toolbox: Toolbox, imagesDir: string, registry: string): Promise<void> {
  await Promise.all(
    (await readdir(imagesDir)).map((name) =>
      mustRun(toolbox.pathOf("crane"), ["push", join(imagesDir, name), imageReference(registry, name)]),
    ),
  );
}
