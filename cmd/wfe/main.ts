#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { runAuditCommand } from "./audit-commands.ts";
import { runKeyCommand } from "./audit/keys.ts";
import type { AuditSurroundings } from "./audit/surroundings.ts";
import { runBundleCommand } from "./bundle-commands.ts";
import type { Surroundings } from "./bundle-commands.ts";
import { parseCommandLine } from "./command-line.ts";
import type { Command } from "./command-line.ts";
import { UsageError } from "./usage-error.ts";
import { usage } from "./usage.ts";
import { version } from "../version.ts";

const surroundings: Surroundings = { print: console.log, tell: console.error, readDockerConfig };
const auditSurroundings: AuditSurroundings = {
  databaseUrl,
  ...kubeconfig(),
  hmacKey: process.env["AUDIT_HMAC_KEY"] ?? "",
  readInput: () => text(process.stdin),
  print: console.log,
  write: (output) => process.stdout.write(output),
  tell: console.error,
  width: process.stdout.isTTY ? process.stdout.columns : Infinity,
  now: Date.now,
};

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(parseCommandLine(args));
  } catch (error) {
    console.error(`wfe: ${error instanceof Error ? error.message : String(error)}`);
    if (!(error instanceof UsageError)) return 1;
    console.error("See wfe --help.");
    return 2;
  }
}

/** Gives the exit code. */
async function run(command: Command): Promise<number> {
  switch (command.group) {
    case "wfe":
      console.log(command.name === "help" ? usage.trimEnd() : version);
      return 0;
    case "bundle":
      await runBundleCommand(command, surroundings);
      return 0;
    case "audit-keys":
      await runKeyCommand(command, surroundings);
      return 0;
    case "audit":
      return runAuditCommand(command, auditSurroundings);
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

function databaseUrl(): string {
  const url = process.env["DATABASE_URL"] ?? "";
  if (url === "") throw new Error("DATABASE_URL is not set: postgresql://user:password@host:port/database");
  return url;
}

function kubeconfig(): Pick<AuditSurroundings, "kubeconfig"> {
  const paths = process.env["KUBECONFIG"] ?? "";
  return paths === "" ? {} : { kubeconfig: paths };
}
