import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { runCommand } from "../../cluster/run-command.ts";

/** What the runner reads of a pipeline: each task has one step, whose script takes everything from its environment. */
export interface Pipeline {
  readonly spec: {
    readonly params: readonly { readonly name: string; readonly default?: string }[];
    readonly results: readonly { readonly name: string; readonly value: string }[];
    readonly tasks: readonly PipelineTask[];
    readonly finally: readonly PipelineTask[];
  };
}

interface Named {
  readonly name: string;
  readonly value: string;
}

interface PipelineTask {
  readonly name: string;
  readonly params: readonly Named[];
  readonly taskSpec: {
    readonly results?: readonly { readonly name: string }[];
    readonly steps: readonly [{ readonly script: string; readonly env: readonly Named[] }];
  };
}

export interface TaskResult {
  readonly status: "Succeeded" | "Failed" | "None";
  readonly exitCode: number;
  readonly log: string;
  readonly results: ReadonlyMap<string, string>;
}

export interface PipelineResult {
  readonly tasks: ReadonlyMap<string, TaskResult>;
  readonly results: ReadonlyMap<string, string>;
}

export interface RunOptions {
  /** The name of the PipelineRun. */
  readonly run: string;
  readonly params: Readonly<Record<string, string>>;
  /** The shell and its arguments, before the script's path. */
  readonly shell: readonly string[];
  /** PATH and KUBECONFIG of the steps. */
  readonly env: Readonly<Record<string, string>>;
  /** Called between tasks. */
  readonly before?: (task: string) => Promise<void>;
  /** A task that is taken to have failed whatever its script did, as when its pod is lost at the end. */
  readonly losing?: string;
}

/** Reads the pipeline of a shipped bundle. */
export async function readPipeline(bundle: string): Promise<Pipeline> {
  const path = join(import.meta.dirname, "../../../bundles", bundle, "pipeline.yaml");
  return parse(await readFile(path, "utf8")) as Pipeline;
}

/**
 * Runs a pipeline's scripts here, one after the other, as Tekton would in pods: parameters into the environment, results
 * out of files, `finally` after a failure too. What it can't replace is an error, so a wrong variable is found.
 */
export async function runPipeline(pipeline: Pipeline, options: RunOptions): Promise<PipelineResult> {
  const values = new Map([["context.pipelineRun.name", options.run]]);
  for (const { name, default: value } of pipeline.spec.params) {
    const given = options.params[name] ?? value;
    if (given !== undefined) values.set(`params.${name}`, given);
  }
  const tasks = new Map<string, TaskResult>();
  let status = "Succeeded";
  for (const task of pipeline.spec.tasks) {
    const result = status === "Succeeded" ? await runTask(task, values, options) : notRun;
    if (result.status === "Failed") status = "Failed";
    tasks.set(task.name, result);
    keepResults(values, `tasks.${task.name}`, result);
  }
  values.set("tasks.status", status);
  for (const task of pipeline.spec.finally) {
    const result = await runTask(task, values, options);
    tasks.set(task.name, result);
    keepResults(values, `finally.${task.name}`, result);
  }
  return { tasks, results: pipelineResults(pipeline, values) };
}

const notRun: TaskResult = { status: "None", exitCode: -1, log: "", results: new Map() };

async function runTask(
  task: PipelineTask,
  values: ReadonlyMap<string, string>,
  options: RunOptions,
): Promise<TaskResult> {
  await options.before?.(task.name);
  const home = await mkdtemp(join(tmpdir(), "bundle-step-"));
  try {
    return await runStep(task, home, values, options);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function runStep(
  task: PipelineTask,
  home: string,
  values: ReadonlyMap<string, string>,
  options: RunOptions,
): Promise<TaskResult> {
  const [step] = task.taskSpec.steps;
  const names = (task.taskSpec.results ?? []).map(({ name }) => name);
  const inside = new Map(names.map((name) => [`results.${name}.path`, join(home, "results", name)]));
  for (const { name, value } of task.params) inside.set(`params.${name}`, replace(value, values));
  const env = Object.fromEntries(step.env.map(({ name, value }) => [name, replace(value, inside)]));
  await mkdir(join(home, "results"));
  await writeFile(join(home, "script"), step.script);
  const [shell = "", ...args] = options.shell;
  const ended = await runCommand(shell, [...args, join(home, "script")], {
    env: { ...env, ...options.env, HOME: home },
    timeoutMs: 60_000,
  });
  const lost = options.losing === task.name;
  return {
    status: ended.code === 0 && !lost ? "Succeeded" : "Failed",
    exitCode: ended.code,
    log: ended.stdout + ended.stderr,
    results: lost ? new Map() : await readResults(join(home, "results"), names),
  };
}

async function readResults(folder: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const results = new Map<string, string>();
  for (const name of names) {
    const text = await readFile(join(folder, name), "utf8").catch(() => undefined);
    if (text !== undefined) results.set(name, text);
  }
  return results;
}

function keepResults(values: Map<string, string>, prefix: string, task: TaskResult): void {
  values.set(`${prefix}.status`, task.status);
  for (const [name, value] of task.results) values.set(`${prefix}.results.${name}`, value);
}

/** Those whose task gave them, as Tekton does. */
function pipelineResults(pipeline: Pipeline, values: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const results = new Map<string, string>();
  for (const { name, value } of pipeline.spec.results) {
    const found = values.get(value.slice(2, -1));
    if (found !== undefined) results.set(name, found);
  }
  return results;
}

function replace(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\(([^)]*)\)/g, (whole, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`${whole} stands for nothing here`);
    return value;
  });
}
