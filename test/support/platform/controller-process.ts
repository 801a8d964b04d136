import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { waitFor } from "../../cluster/wait.ts";
import { projectPath } from "./manifests.ts";

export interface ControllerLaunch {
  /** Where configuration and log are written. */
  readonly folder: string;
  readonly kubeconfig: string;
  readonly databaseUrl: string;
  /** Settings that differ from the defaults, as in config/controller.yaml. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Goes on after the end of this process. */
  readonly detached?: boolean;
  /** Environment variables besides the addresses. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another entry point than the product's own, with its arguments. */
  readonly entry?: { readonly file: string; readonly args: readonly string[] };
}

/** Starts the controller as a process of its own, logging to `controller.log` in the folder. */
export async function launchController(launch: ControllerLaunch): Promise<ChildProcess> {
  const config = join(launch.folder, "controller.yaml");
  await writeFile(config, stringify(launch.settings));
  const { file, args } = launch.entry ?? { file: projectPath("cmd/controller/main.ts"), args: [] };
  const log = openSync(join(launch.folder, "controller.log"), "a");
  try {
    const child = spawn(process.execPath, [file, "--config", config, ...args], {
      detached: launch.detached === true,
      stdio: ["ignore", log, log],
      env: { ...process.env, KUBECONFIG: launch.kubeconfig, DATABASE_URL: launch.databaseUrl, ...launch.env },
    });
    if (launch.detached === true) child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** Waits until the controller on that health port says that it is ready. Rejects where its process ends before. */
export async function waitUntilReady(child: ChildProcess, healthPort: number): Promise<void> {
  await waitFor("the controller to be ready", 60_000, async () => {
    if (child.exitCode !== null)
      throw new Error(`the controller ended with code ${String(child.exitCode)}; see its log`);
    const answer = await fetch(`http://127.0.0.1:${String(healthPort)}/ready`).catch(() => undefined);
    return answer?.status === 200;
  });
}
