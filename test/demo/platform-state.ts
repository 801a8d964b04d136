import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { identify, isRunning, type ProcessIdentity } from "../cluster/process-identity.ts";
import { projectPath } from "../support/platform/manifests.ts";

/** Everything that `make up` leaves running keeps its state here. */
export const stateDir = projectPath(".cluster");

/** Where the parts of the platform keep theirs. */
export const places = {
  cluster: join(stateDir, "kubernetes"),
  postgres: join(stateDir, "postgres"),
  controller: join(stateDir, "controller"),
  controllerKubeconfig: join(stateDir, "controller", "kubeconfig"),
  controllerRecord: join(stateDir, "controller", "process.json"),
  bundles: join(stateDir, "bundles.json"),
  kubeconfig: join(stateDir, "kubeconfig"),
  kubectl: join(stateDir, "kubectl"),
  logs: join(stateDir, "logs"),
} as const;

/** Makes `link` lead to `target`, whatever it was before. */
export async function linkTo(target: string, link: string): Promise<void> {
  await rm(link, { force: true, recursive: true });
  await symlink(target, link);
}

/** Remembers the controller's process, so that no other process is ever taken for it. */
export async function recordController(pid: number): Promise<void> {
  const identity = identify(pid);
  if (identity !== undefined) await writeFile(places.controllerRecord, JSON.stringify(identity));
}

/** The controller's process, if the recorded one still runs. */
export async function runningController(): Promise<ProcessIdentity | undefined> {
  const text = await readFile(places.controllerRecord, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const identity = JSON.parse(text) as ProcessIdentity;
  return isRunning(identity) ? identity : undefined;
}

/** Makes the folders of the state. */
export async function makeFolders(): Promise<void> {
  await mkdir(places.controller, { recursive: true });
  await mkdir(places.logs, { recursive: true });
}
