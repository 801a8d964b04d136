#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { auditGrantCommand, auditMigrateCommand, auditVerifyCommand } from "./audit-commands.ts";
import { packCommand, pushCommand } from "./bundle-commands.ts";
import type { Surroundings } from "./bundle-commands.ts";
import { parseCommandLine, UsageError } from "./command-line.ts";
import type { Command } from "./command-line.ts";
import { usage } from "./usage.ts";
import { version } from "../version.ts";

const surroundings: Surroundings = { print: console.log, tell: console.error, readDockerConfig };

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    return (await run(parseCommandLine(args))) ?? 0;
  } catch (error) {
    console.error(`wfe: ${error instanceof Error ? error.message : String(error)}`);
    if (!(error instanceof UsageError)) return 1;
    console.error("See wfe --help.");
    return 2;
  }
}

/** Gives the exit code where it isn't 0. */
async function run(command: Command): Promise<number | undefined> {
  switch (command.name) {
    case "help":
      console.log(usage.trimEnd());
      return undefined;
    case "version":
      console.log(version);
      return undefined;
    case "pack":
      await packCommand(command, surroundings);
      return undefined;
    case "push":
      await pushCommand(command, surroundings);
      return undefined;
    case "audit-migrate":
      await auditMigrateCommand(console.log);
      return undefined;
    case "audit-grant":
      await auditGrantCommand(command, console.log);
      return undefined;
    case "audit-verify":
      return auditVerifyCommand(command, console.log);
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
