import { isMapping, listOf } from "./bundle-object.ts";
import type { BundleObject, Json, Path } from "./bundle-object.ts";
import {
  embeddedTaskKeys,
  objectKeys,
  pipelineKeys,
  pipelineTaskKeys,
  sidecarKeys,
  stepKeys,
  stepTemplateKeys,
  taskKeys,
} from "./known-keys.ts";
import type { Problem } from "./problem.ts";
import { containersOf, pipelineTasks, taskSpecs } from "./task-specs.ts";
import type { ContainerPlace, TaskSpecPlace } from "./task-specs.ts";

type Report = (path: Path, message: string, where?: string) => void;

/** Tekton's limit for the names of its objects: a DNS label (pkg/apis/validate/metadata.go). */
const objectName = /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/;

/** What Tekton would refuse only when a run starts: kind, name, unknown fields, tasks without steps, steps without an image. */
export function checkObject(object: BundleObject): readonly Problem[] {
  const problems: Problem[] = [];
  function report(path: Path, message: string, where?: string): void {
    const place = where === undefined ? {} : { where };
    problems.push({ file: object.file, line: object.lineOf(path), ...place, message });
  }
  if (isMapping(object.value)) checkMapping(object.value, report);
  else report([], "expected a Tekton object, found something else");
  return problems;
}

function checkMapping(object: Json, report: Report): void {
  if (object["apiVersion"] !== "tekton.dev/v1" || (object["kind"] !== "Pipeline" && object["kind"] !== "Task")) {
    const found = `${String(object["kind"])} of ${String(object["apiVersion"])}`;
    report([], `a bundle holds Pipelines and Tasks of tekton.dev/v1, found ${found}`);
    return;
  }
  checkKeys({ value: object, known: objectKeys, path: [] }, report);
  checkName(object["metadata"], report);
  if (!isMapping(object["spec"])) report([], "spec is missing");
  else if (object["kind"] === "Pipeline") checkPipeline(object["spec"], report);
  for (const place of taskSpecs(object)) checkTask(place, report);
}

function checkName(metadata: unknown, report: Report): void {
  const name = isMapping(metadata) ? metadata["name"] : undefined;
  if (typeof name !== "string" || !objectName.test(name)) {
    report(["metadata"], `metadata.name has to be a name of at most 63 characters, found ${JSON.stringify(name)}`);
  }
}

function checkPipeline(spec: Json, report: Report): void {
  checkKeys({ value: spec, known: pipelineKeys, path: ["spec"] }, report);
  const tasks = pipelineTasks(spec, ["spec"]);
  if (listOf(spec["tasks"]).length === 0) report(["spec"], "the pipeline has no tasks");
  for (const { task, path, value } of tasks) {
    if (!isMapping(value)) {
      report(path, "expected a task");
      continue;
    }
    checkKeys({ value, known: pipelineTaskKeys, path, where: `task "${task}"` }, report);
    const kinds = ["taskRef", "taskSpec", "pipelineRef", "pipelineSpec"].filter((key) => value[key] !== undefined);
    if (kinds.length !== 1) report(path, "needs exactly one of taskSpec and taskRef", `task "${task}"`);
  }
}

function checkTask(place: TaskSpecPlace, report: Report): void {
  const where = `task "${place.task}"`;
  const { spec, path } = place;
  checkKeys({ value: spec, known: place.embedded ? embeddedTaskKeys : taskKeys, path, where }, report);
  const template = isMapping(spec["stepTemplate"]) ? spec["stepTemplate"] : {};
  checkKeys({ value: template, known: stepTemplateKeys, path: [...path, "stepTemplate"], where }, report);
  // A custom task names another API and has no steps.
  if (spec["apiVersion"] === undefined && listOf(spec["steps"]).length === 0) report(path, "has no steps", where);
  for (const container of containersOf(place)) checkContainer(container, template, report);
}

function checkContainer(place: ContainerPlace, template: Json, report: Report): void {
  const { container, path, where, sidecar } = place;
  checkKeys({ value: container, known: sidecar ? sidecarKeys : stepKeys, path, where }, report);
  const elsewhere = sidecar ? undefined : (container["ref"] ?? template["image"]);
  if (container["image"] === undefined && elsewhere === undefined) report(path, "has no image", where);
}

interface Fields {
  readonly value: Json;
  readonly known: readonly string[];
  readonly path: Path;
  readonly where?: string;
}

function checkKeys({ value, known, path, where }: Fields, report: Report): void {
  for (const key of Object.keys(value).filter((name) => !known.includes(name))) {
    report([...path, key], `unknown field "${key}"; known are ${known.join(", ")}`, where);
  }
}
