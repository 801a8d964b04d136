import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { readBundleFolder } from "./read-folder.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bundle-"));
});
afterEach(async () => rm(folder, { recursive: true }));

describe("readBundleFolder", () => {
  it("takes YAML and JSON by name and leaves the rest", async () => {
    for (const name of ["b.yaml", "a.yml", "c.json", "README.md", ".hidden.yaml", "yaml"])
      await writeFile(join(folder, name), name);
    await mkdir(join(folder, "sub"));
    await writeFile(join(folder, "sub", "d.yaml"), "");
    assert.deepEqual(await readBundleFolder(folder), [
      { name: "a.yml", text: "a.yml" },
      { name: "b.yaml", text: "b.yaml" },
      { name: "c.json", text: "c.json" },
    ]);
  });

  it("refuses a folder without any", async () => {
    await assert.rejects(readBundleFolder(folder), {
      name: "BundleRefused",
      message: `${folder}: there is no .yaml, .yml or .json file in it`,
    });
  });

  it("refuses a file that is larger than a bundle may be, before it reads it", async () => {
    await writeFile(join(folder, "big.yaml"), Buffer.alloc(1024 * 1024 + 1, "#"));
    await assert.rejects(readBundleFolder(folder), {
      message: "big.yaml: has 1048577 bytes, at most 1048576 are allowed",
    });
  });
});
