#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { packCommand, pushCommand } from "./bundle-commands.ts";
import type { Surroundings } from "./bundle-commands.ts";
import { parseCommandLine, UsageError } from "./command-line.ts";
import type { Command } from "./command-line.ts";
import { usage } from "./usage.ts";
import { version } from "./version.ts";

const surroundings: Surroundings = { print: console.log, tell: console.error, readDockerConfig };

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    await run(parseCommandLine(args));
    return 0;
  } catch (error) {
    console.error(`wfe: ${error instanceof Error ? error.message : String(error)}`);
    if (!(error instanceof UsageError)) return 1;
    console.error("See wfe --help.");
    return 2;
  }
}

async function run(command: Command): Promise<void> {
  switch (command.name) {
    case "help":
      console.log(usage.trimEnd());
      return;
    case "version":
      console.log(version);
      return;
    case "pack":
      return packCommand(command, surroundings);
    case "push":
      return pushCommand(command, surroundings);
  }
}

async function readDockerConfig(): Promise<string | undefined> {
  const folder = process.env["DOCKER_CONFIG"] ?? "";
  try {
    return await readFile(join(folder === "" ? join(homedir(), ".docker") : folder, "config.json"), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
