import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildPrograms } from "./build.ts";
import { conditionOf, readRecord } from "./cluster-record.ts";
import { layoutAt, stopCluster } from "./cluster.ts";
import { kubeconfigOf } from "./kubeconfig.ts";
import { isRunning } from "./process-identity.ts";
import { readProcesses } from "./processes.ts";
import type { Profile } from "./programs.ts";
import { checkBuildable } from "./preflight.ts";
import { timed } from "./progress.ts";
import { makeSupplies } from "./start-full.ts";
import { startCluster } from "./start.ts";

const help = `A real local Kubernetes with Tekton, from plain processes.

  up      [--profile control-plane|full] [--state DIR] [--registry-port N]   start a cluster that stays
  down    [--state DIR] [--keep-logs]                                        remove it
  status  [--state DIR]                                                      say what runs; exit code 1 if nothing does
  build   [--profile control-plane|full]                                     only make what a start needs

The profile is full and the state folder .cluster unless told otherwise. KUBECONFIG for kubectl and others: see status.`;

interface Arguments {
  readonly profile: Profile;
  readonly state: string;
  readonly registryPort: number;
  readonly keepLogs: boolean;
}

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      profile: { type: "string", default: "full" },
      state: { type: "string", default: ".cluster" },
      "registry-port": { type: "string", default: "5000" },
      "keep-logs": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return printHelp();
  return runVerb(positionals, {
    profile: parseProfile(values.profile),
    state: values.state,
    registryPort: parsePort(values["registry-port"]),
    keepLogs: values["keep-logs"],
  });
}

async function runVerb(positionals: readonly string[], args: Arguments): Promise<number> {
  const [verb, ...more] = positionals;
  if (more.length > 0) throw new Error(`too many words: ${more.join(" ")}`);
  switch (verb) {
    case "up":
      return up(args);
    case "down":
      return down(args);
    case "status":
      return status(args);
    case "build":
      return build(args);
    case undefined:
      return printHelp();
    default:
      throw new Error(`there is no ${verb}; --help says what there is`);
  }
}

async function build({ profile }: Arguments): Promise<number> {
  await checkBuildable(profile);
  const toolbox = await buildPrograms(profile, print);
  if (profile === "full") await makeSupplies(toolbox, print);
  return 0;
}

async function up({ profile, state, registryPort }: Arguments): Promise<number> {
  stopWhenInterrupted(state);
  await startCluster({ profile, stateDir: state, registryPort, outlivesStarter: true, onProgress: print });
  return status({ profile, state, registryPort, keepLogs: false });
}

/** A person who breaks off a start wants nothing to stay behind. */
function stopWhenInterrupted(state: string): void {
  const down = [import.meta.filename, "down", "--state", state];
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      // Nothing else happens here meanwhile, so that nothing is started behind the removal's back.
      spawnSync(process.execPath, down, { stdio: "inherit" });
      process.exit(1);
    });
  }
}

async function down({ state, keepLogs }: Arguments): Promise<number> {
  const layout = await layoutAt(state);
  const condition = await conditionOf(layout);
  if (condition === "absent" && !existsSync(layout.runDir)) {
    print(`no cluster in ${layout.root}`);
    return 0;
  }
  if (condition === "foreign") throw new Error(`${layout.root} is not a cluster's state folder: nothing done`);
  await timed(print, `removed the cluster of ${layout.root}`, () => stopCluster(state, { keepLogs }));
  return 0;
}

async function status({ state }: Arguments): Promise<number> {
  const layout = await layoutAt(state);
  const condition = await conditionOf(layout);
  print(`${layout.root}: ${condition}`);
  const record = await readRecord(layout);
  if (record === undefined) return 1;
  print(`profile     ${record.profile}`);
  if (record.phase === "up") {
    print(`server      ${record.server}`);
    print(`kubeconfig  ${kubeconfigOf(layout, "admin")}`);
    if (record.registry !== null) print(`registry    ${record.registry.address}`);
  }
  for (const { spec, identity } of await readProcesses(layout)) {
    print(`process     ${spec.name} (${isRunning(identity) ? String(identity.pid) : "ended"})`);
  }
  return condition === "up" ? 0 : 1;
}

function parseProfile(text: string): Profile {
  if (text === "control-plane" || text === "full") return text;
  throw new Error(`there is no profile ${text}: control-plane or full`);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`${text} is not a port`);
}

function printHelp(): number {
  print(help);
  return 0;
}

function print(line: string): void {
  console.log(line);
}

/** The message and those of its causes. A person needs no stack for a missing program. */
function printError(error: unknown): void {
  for (let cause = error; cause instanceof Error; cause = cause.cause) console.error(cause.message);
}

// A reader that goes away (`up | head`) must not break off a start.
process.stdout.on("error", () => undefined);

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  printError(error);
  process.exitCode = 1;
}
