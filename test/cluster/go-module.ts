import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { programs } from "./programs.ts";
import type { GoModule, Program } from "./programs.ts";

/** The folder that holds a module's go.mod. */
export function moduleDir(module: GoModule): string {
  return join(import.meta.dirname, "tools", module);
}

/** The version that a go.mod requires of a module, such as `v1.35.4`. */
export function requiredVersion(goMod: string, path: string): string {
  for (const line of goMod.split("\n")) {
    const [name, version] = line
      .trim()
      .replace(/^require /, "")
      .split(/\s+/);
    if (name === path && version !== undefined) return version;
  }
  throw new Error(`go.mod requires no version of ${path}`);
}

/** The oldest Go that a go.mod allows, such as `1.26.4`. */
export function minimalGo(goMod: string): string {
  const version = /^go (\S+)$/m.exec(goMod)?.[1];
  if (version === undefined) throw new Error("go.mod has no go line");
  return version;
}

/** The arguments of `go build`, without the output and the package. */
export function buildFlags(module: GoModule, goMod: string): readonly string[] {
  const ldflags = ["-s", "-w", ...(module === "kubernetes" ? stampKubernetes(goMod) : [])];
  return ["-mod=readonly", "-trimpath", "-buildvcs=false", `-ldflags=${ldflags.join(" ")}`];
}

/** A Kubernetes that is not stamped reports v0.0.0, which Tekton refuses as too old. */
function stampKubernetes(goMod: string): readonly string[] {
  const version = requiredVersion(goMod, "k8s.io/kubernetes");
  const [major = "", minor = ""] = version.replace(/^v/, "").split(".");
  return ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((where) => [
    `-X ${where}.gitVersion=${version}`,
    `-X ${where}.gitMajor=${major}`,
    `-X ${where}.gitMinor=${minor}`,
  ]);
}

/** Names what a module's programs are built from: an equal key means equal programs. */
export async function moduleKey(module: GoModule): Promise<string> {
  const dir = moduleDir(module);
  const files = await readSources(dir);
  const goMod = files.get("go.mod") ?? "";
  const plan = programs.filter((program) => program.module === module);
  return computeKey(files, { flags: buildFlags(module, goMod), plan, arch: process.arch });
}

/** Hashes sources and whatever else decides about the result. The order of files does not matter, their names do. */
export function computeKey(
  files: ReadonlyMap<string, string>,
  settings: { readonly flags: readonly string[]; readonly plan: readonly Program[]; readonly arch: string },
): string {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([sorted, settings]))
    .digest("hex")
    .slice(0, 16);
}

async function readSources(dir: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(paths.map(async (path) => [relative(dir, path), await readFile(path, "utf8")] as const)),
  );
}
