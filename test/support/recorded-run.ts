import { existsSync, readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { PipelineRun } from "../../pkg/api/tekton.ts";
import type { RunEvidence } from "../../pkg/tekton/run-evidence.ts";

const folder = new URL("../data/tekton-1.15/", import.meta.url);

/** Names of all recorded runs (test/data/tekton-1.15). */
export function recordedNames(): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** A recorded run as evidence; throws where its PipelineRun was already gone when it was recorded. */
export function recordedRun(name: string): RunEvidence {
  const [run] = objects(name, "pipelinerun.yaml");
  if (run === undefined) throw new Error(`the recorded run ${name} has no PipelineRun`);
  return {
    run: run as PipelineRun,
    taskRuns: objects(name, "taskruns.yaml"),
    pods: objects(name, "pods.yaml"),
  };
}

/** Whether the PipelineRun of a recorded run was gone when it was recorded. */
export function isRecordedRunGone(name: string): boolean {
  return objects(name, "pipelinerun.yaml").length === 0;
}

/** The log of one container of a recorded run, "" where none was left. */
export function recordedLog(name: string, pod: string, container: string): string {
  const file = new URL(`${name}/logs.txt`, folder);
  if (!existsSync(file)) return "";
  const sections = readFileSync(file, "utf8").split(/^== pod\//m);
  const title = `${pod} ${container}\n`;
  return (
    sections
      .find((section) => section.startsWith(title))
      ?.slice(title.length)
      .trim() ?? ""
  );
}

function objects(name: string, file: string): readonly KubernetesObject[] {
  const yaml = readFileSync(new URL(`${name}/${file}`, folder), "utf8");
  return (parse(yaml) as { readonly items: readonly KubernetesObject[] }).items;
}
