import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { generatedFiles, renderTypes } from "./render-types.ts";

/** Writes the generated types. With --check it writes nothing and fails where a committed file is stale. */
const check = process.argv.includes("--check");

for (const file of generatedFiles) {
  const path = fileURLToPath(file.output);
  const text = await renderTypes(file);
  if (check && readFileSync(path, "utf8") !== text) {
    console.error(`${path} is stale: run make generate`);
    process.exitCode = 1;
  }
  if (!check) writeFileSync(path, text);
}
