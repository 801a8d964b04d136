import { access, constants, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { findMissing } from "./build.ts";
import { findBusybox } from "./busybox.ts";
import { whyTaken } from "./claim.ts";
import { minimalGo, moduleDir } from "./go-module.ts";
import { findFullClusters } from "./host.ts";
import type { Layout } from "./layout.ts";
import { hasAddress } from "./network.ts";
import { isFree } from "./ports.ts";
import { apiServerAddress } from "./pki.ts";
import { findKubelet } from "./own-processes.ts";
import type { Profile } from "./programs.ts";
import { runCommand } from "./run-command.ts";

export interface Preconditions {
  readonly profile: Profile;
  /** Where the state is to be; undefined for a new temporary folder. */
  readonly layout: Layout | undefined;
  readonly registryPort: number;
}

/** Refuses with everything that is missing or in the way, and what to do about it, before anything is changed. */
export async function checkPreconditions(wanted: Preconditions): Promise<void> {
  const { profile, layout, registryPort } = wanted;
  const checks = [
    ...buildChecks(profile),
    checkOpenssl(),
    ...(layout === undefined ? [] : [whyTaken(layout)]),
    ...(profile === "full" ? hostChecks(registryPort) : []),
  ];
  await refuse(`the ${profile} cluster can't be started`, checks);
}

/** The same for compiling alone. */
export async function checkBuildable(profile: Profile): Promise<void> {
  await refuse("the programs can't be built", buildChecks(profile));
}

type Check = Promise<string | undefined>;

async function refuse(what: string, checks: readonly Check[]): Promise<void> {
  const problems = (await Promise.all(checks)).filter((problem) => problem !== undefined);
  if (problems.length === 0) return;
  throw new Error(`${what}:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
}

function buildChecks(profile: Profile): readonly Check[] {
  const always = [checkPlatform(), checkGo(profile), checkC(profile)];
  return profile === "full" ? [...always, checkBusybox(), checkCommand("tar")] : always;
}

function hostChecks(registryPort: number): readonly Check[] {
  return [
    checkRoot(),
    checkCgroups(),
    checkAddress(),
    checkKubelet(),
    checkRegistryPort(registryPort),
    checkCommand("ip"),
    checkCommand("umount"),
  ];
}

async function checkPlatform(): Check {
  if (process.platform === "linux" && ["x64", "arm64"].includes(process.arch)) return undefined;
  return Promise.resolve(`this is ${process.platform} on ${process.arch}: it needs Linux on x64 or arm64`);
}

async function checkOpenssl(): Check {
  const version = await versionOf("openssl", ["version"], /^OpenSSL (\S+)/);
  if (version !== undefined && isAtLeast(version, "3.0.0")) return undefined;
  return `openssl 3.0 or newer is not on the PATH (found ${version ?? "none"}): install it`;
}

/** Compilers are only needed for what is not in the cache. */
async function checkGo(profile: Profile): Check {
  if ((await findMissing(profile)).length === 0) return undefined;
  const modules = ["kubernetes", "tekton", "cri"] as const;
  const goMods = await Promise.all(modules.map((module) => readFile(join(moduleDir(module), "go.mod"), "utf8")));
  const needed = goMods.map(minimalGo).reduce((a, b) => (isAtLeast(a, b) ? a : b));
  const version = await versionOf("go", ["version"], /^go version go(\S+)/);
  if (version !== undefined && isAtLeast(version, needed)) return undefined;
  return `Go ${needed} or newer is not on the PATH (found ${version ?? "none"}): install it from https://go.dev/dl`;
}

async function checkC(profile: Profile): Check {
  const missing = await findMissing(profile);
  const compiler = process.env["CC"] ?? "gcc";
  if (!missing.some(({ cgo }) => cgo === true) || (await isOnPath(compiler))) return undefined;
  return `no C compiler (${compiler}): install gcc and the C library's headers, or name another one in CC`;
}

async function checkRoot(): Check {
  if (process.getuid?.() === 0) return undefined;
  return Promise.resolve("not root: containers, the network and cgroups need it; control-plane does not");
}

async function checkBusybox(): Check {
  if ((await findBusybox()) !== undefined) return undefined;
  if ((await isOnPath("apt-get")) && (await isOnPath("dpkg-deb"))) return undefined;
  return "no static busybox on the PATH, and no apt-get and dpkg-deb to take one from Debian's busybox-static: install one";
}

async function checkCgroups(): Check {
  const writable = await access("/sys/fs/cgroup", constants.W_OK).then(
    () => true,
    () => false,
  );
  return writable ? undefined : "/sys/fs/cgroup can't be written: in a container, run it privileged";
}

async function checkAddress(): Check {
  if (!hasAddress()) return undefined;
  const [owner] = await findFullClusters();
  if (owner !== undefined)
    return `a full cluster runs from ${owner}, and there can be only one: stop it (down --state ${owner})`;
  return `${apiServerAddress} is already an address of this host, and no cluster's of ours: remove it`;
}

/** Two kubelets would take each other's device sockets in /var/lib/kubelet. */
async function checkKubelet(): Check {
  const pid = findKubelet();
  if (pid === undefined || (await findFullClusters()).length > 0) return undefined;
  return `this host runs a kubelet already (process ${String(pid)}): use another host`;
}

async function checkRegistryPort(port: number): Check {
  if (await isFree(port)) return undefined;
  return `port ${String(port)} of 127.0.0.1 is taken: free it, or choose another one for the registry`;
}

async function checkCommand(name: string): Check {
  if (await isOnPath(name)) return undefined;
  return `${name} is not on the PATH: install it (${name === "ip" ? "iproute2" : name === "umount" ? "mount" : name})`;
}

async function versionOf(command: string, args: readonly string[], pattern: RegExp): Promise<string | undefined> {
  const result = await runCommand(command, args).catch(() => undefined);
  return pattern.exec(result?.stdout ?? "")?.[1];
}

/** Compares the numbers of two versions. Anything behind a number is ignored. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [found, wanted] = [version, minimum].map((text) => text.split(".").map((part) => Number.parseInt(part, 10)));
  for (const [index, number] of (wanted ?? []).entries()) {
    const difference = (found?.[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

async function isOnPath(name: string): Promise<boolean> {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = folders.map((folder) => access(join(folder, name), constants.X_OK));
  return Promise.any(found).then(
    () => true,
    () => false,
  );
}
