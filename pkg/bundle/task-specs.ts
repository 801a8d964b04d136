import { isMapping, listOf } from "./bundle-object.ts";
import type { Json, Path } from "./bundle-object.ts";

/** A task's specification, wherever it stands: a Task of its own, or inside a pipeline. */
export interface TaskSpecPlace {
  /** The Task's name, or the name of the task in the pipeline. */
  readonly task: string;
  readonly path: Path;
  readonly spec: Json;
  readonly embedded: boolean;
}

/** A step or sidecar of a task. */
export interface ContainerPlace {
  /** `task "verify", step "main"`. */
  readonly where: string;
  readonly path: Path;
  readonly container: Json;
  readonly sidecar: boolean;
}

/** One entry of a pipeline's `tasks` or `finally`. */
export interface PipelineTaskPlace {
  readonly task: string;
  readonly path: Path;
  readonly value: unknown;
}

/** The entries of `tasks` and `finally`, those of pipelines inside pipelines too. */
export function pipelineTasks(spec: unknown, path: Path): readonly PipelineTaskPlace[] {
  if (!isMapping(spec)) return [];
  return ["tasks", "finally"].flatMap((section) =>
    listOf(spec[section]).flatMap((value, index) => {
      const place = { task: nameOf(value, index), path: [...path, section, index], value };
      return isMapping(value)
        ? [place, ...pipelineTasks(value["pipelineSpec"], [...place.path, "pipelineSpec"])]
        : [place];
    }),
  );
}

/** Every task's specification in a Pipeline or Task. */
export function taskSpecs(object: Json): readonly TaskSpecPlace[] {
  const spec = object["spec"];
  if (object["kind"] === "Task") {
    const name = isMapping(object["metadata"]) ? object["metadata"]["name"] : undefined;
    return isMapping(spec) ? [{ task: String(name), path: ["spec"], spec, embedded: false }] : [];
  }
  return pipelineTasks(spec, ["spec"]).flatMap(({ task, path, value }) => {
    const inner = isMapping(value) ? value["taskSpec"] : undefined;
    return isMapping(inner) ? [{ task, path: [...path, "taskSpec"], spec: inner, embedded: true }] : [];
  });
}

/** The steps and sidecars of a task. */
export function containersOf(place: TaskSpecPlace): readonly ContainerPlace[] {
  return ["steps", "sidecars"].flatMap((section) =>
    listOf(place.spec[section]).flatMap((container, index) => {
      if (!isMapping(container)) return [];
      const where = `task "${place.task}", ${section.slice(0, -1)} "${nameOf(container, index)}"`;
      return [{ where, path: [...place.path, section, index], container, sidecar: section === "sidecars" }];
    }),
  );
}

function nameOf(value: unknown, index: number): string {
  const name = isMapping(value) ? value["name"] : undefined;
  return typeof name === "string" && name !== "" ? name : `number ${String(index + 1)}`;
}
