import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BundleFile } from "./bundle-object.ts";
import { BundleRefused } from "./problem.ts";

const mostBytes = 1024 * 1024;

/**
 * Reads the YAML and JSON files that lie directly in a folder, sorted by name. Others (a README, hidden files, folders)
 * are no part of a bundle.
 *
 * @throws BundleRefused where there is none, or one that is larger than a whole bundle may be
 */
export async function readBundleFolder(folder: string): Promise<readonly BundleFile[]> {
  const names = (await readdir(folder)).filter((name) => /^[^.].*\.(ya?ml|json)$/.test(name)).toSorted();
  if (names.length === 0) throw refused(folder, "there is no .yaml, .yml or .json file in it");
  return Promise.all(names.map((name) => readBundleFile(folder, name)));
}

async function readBundleFile(folder: string, name: string): Promise<BundleFile> {
  const path = join(folder, name);
  const { size } = await stat(path);
  if (size > mostBytes) throw refused(name, `has ${String(size)} bytes, at most ${String(mostBytes)} are allowed`);
  return { name, text: await readFile(path, "utf8") };
}

function refused(file: string, message: string): BundleRefused {
  return new BundleRefused([{ file, line: 0, message }]);
}
