import { spawn } from "node:child_process";
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheDir } from "./cache-dir.ts";
import { buildFlags, moduleDir, moduleKey } from "./go-module.ts";
import { withLockFile } from "./lock-file.ts";
import { programs, programsOf } from "./programs.ts";
import type { GoModule, Profile, Program, ProgramName } from "./programs.ts";
import { secondsSince } from "./progress.ts";
import type { Progress } from "./progress.ts";

const heartbeatMs = 15_000;
const unfinished = "unfinished-";

/** Where the compiled programs are. */
export interface Toolbox {
  readonly pathOf: (program: ProgramName) => string;
  /** The folder of a module's programs. */
  readonly binOf: (module: GoModule) => string;
}

/**
 * Compiles what a profile needs and is not there yet. Each program appears in one go, so an interrupted build leaves
 * only complete programs, and the next one goes on where it stopped (Go keeps the compiled packages).
 */
export async function buildPrograms(profile: Profile, progress: Progress): Promise<Toolbox> {
  const toolbox = await findToolbox();
  for (const module of ["kubernetes", "tekton", "cri"] as const) {
    const wanted = programsOf(profile).filter((program) => program.module === module);
    if ((await missing(toolbox, wanted)).length > 0) await buildModule(toolbox, wanted, progress);
  }
  return toolbox;
}

/** Where the programs of this version of the modules are, or will be. */
export async function findToolbox(): Promise<Toolbox> {
  const keys = {
    kubernetes: await moduleKey("kubernetes"),
    tekton: await moduleKey("tekton"),
    cri: await moduleKey("cri"),
  };
  const modules = new Map(programs.map((program) => [program.name, program.module]));
  function binOf(module: GoModule): string {
    return join(cacheDir(), `${module}-${keys[module]}`, "bin");
  }
  function pathOf(name: ProgramName): string {
    return join(binOf(modules.get(name) ?? "kubernetes"), name);
  }
  return { pathOf, binOf };
}

/** What still has to be compiled for a profile. */
export async function findMissing(profile: Profile): Promise<readonly Program[]> {
  return missing(await findToolbox(), programsOf(profile));
}

type Wanted = readonly (Program & { readonly name: ProgramName })[];

async function missing(toolbox: Toolbox, wanted: Wanted): Promise<Wanted> {
  const there = await Promise.all(wanted.map((program) => exists(toolbox.pathOf(program.name))));
  return wanted.filter((_, index) => there[index] !== true);
}

async function buildModule(toolbox: Toolbox, wanted: Wanted, progress: Progress): Promise<void> {
  const [first] = wanted;
  if (first === undefined) return;
  const bin = toolbox.binOf(first.module);
  await mkdir(bin, { recursive: true });
  await withLockFile(
    join(bin, "..", "lock"),
    (holder) => {
      progress(`process ${String(holder)} builds ${first.module} already: waiting for it`);
    },
    async () => {
      await removeUnfinished(bin);
      for (const program of await missing(toolbox, wanted)) await buildProgram(bin, program, progress);
    },
  );
}

/** What is left of a build that was killed. Nobody else writes here while we hold the lock. */
async function removeUnfinished(bin: string): Promise<void> {
  const left = (await readdir(bin)).filter((name) => name.startsWith(unfinished));
  await Promise.all(left.map((name) => rm(join(bin, name), { recursive: true, force: true })));
}

async function buildProgram(bin: string, program: Program, progress: Progress): Promise<void> {
  const began = Date.now();
  const temporary = await mkdtemp(join(bin, unfinished));
  const output = join(temporary, program.name);
  progress(`building ${program.name}`);
  const heartbeat = setInterval(() => {
    progress(`building ${program.name}: ${secondsSince(began)} s so far`);
  }, heartbeatMs);
  try {
    await compile(program, output);
    await rename(output, join(bin, program.name));
  } finally {
    clearInterval(heartbeat);
    await rm(temporary, { recursive: true, force: true });
  }
  progress(`built ${program.name}: ${secondsSince(began)} s`);
}

async function compile(program: Program, output: string): Promise<void> {
  const dir = moduleDir(program.module);
  const goMod = await readFile(join(dir, "go.mod"), "utf8");
  const args = ["build", "-C", dir, ...buildFlags(program.module, goMod), "-o", output, program.package];
  const env = { ...process.env, CGO_ENABLED: program.cgo === true ? "1" : "0", GOFLAGS: "", GOWORK: "off" };
  await new Promise<void>((resolve, reject) => {
    const child = spawn("go", args, { env, stdio: ["ignore", "ignore", "pipe"] });
    let messages = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (messages += text));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`go build of ${program.package} failed:\n${lastLines(messages)}`));
    });
  });
}

function lastLines(text: string): string {
  const lines = text.split("\n").filter((line) => !line.startsWith("go: downloading"));
  return lines.slice(-20).join("\n").trim();
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
