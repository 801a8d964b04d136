/** Stories: histories whose writes have names, and what tests do to them. */
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { PipelineRun } from "../../pkg/api/tekton.ts";
import type { TargetLock, TargetLockSpec } from "../../pkg/api/target-lock.ts";
import type { WorkflowExecution, WorkflowExecutionStatus } from "../../pkg/api/workflow-execution.ts";
import { keyOf, type HistoryEntry, type JudgedKind } from "./history-entry.ts";

/** One write, under a name by which a test can leave it out, move it or change it. */
export interface Told {
  readonly what: string;
  readonly kind: JudgedKind;
  readonly object: KubernetesObject;
  readonly deleted?: boolean;
}

/** The history of an etcd that saw these writes in this order. */
export function asHistory(story: readonly Told[]): readonly HistoryEntry[] {
  return story.map(({ kind, object, deleted = false }, index) => {
    const entry = { revision: index + 1, key: keyOf(kind, object), deleted };
    return deleted ? entry : { ...entry, object };
  });
}

/** The story in which some writes happen right before another. */
export function moved(story: readonly Told[], before: string, ...names: readonly string[]): readonly Told[] {
  const rest = story.filter(({ what }) => !names.includes(what));
  const index = indexOf(rest, before);
  return [...rest.slice(0, index), ...names.map((name) => told(story, name)), ...rest.slice(index)];
}

/** The story without some writes. */
export function without(story: readonly Told[], ...names: readonly string[]): readonly Told[] {
  const left = names.map((name) => told(story, name));
  return story.filter((write) => !left.includes(write));
}

/** The story with one more write right after another. */
export function followed(story: readonly Told[], after: string, ...more: readonly Told[]): readonly Told[] {
  const index = indexOf(story, after) + 1;
  return [...story.slice(0, index), ...more, ...story.slice(index)];
}

/** The story in which an execution's status says something else. */
export function withStatus(
  story: readonly Told[],
  name: string,
  status: Partial<WorkflowExecutionStatus>,
): readonly Told[] {
  return changed<WorkflowExecution>(story, name, (w) => ({
    ...w,
    status: { phase: "Pending", ...w.status, ...status },
  }));
}

/** The story in which a lock says something else. */
export function withLock(story: readonly Told[], name: string, spec: Partial<TargetLockSpec>): readonly Told[] {
  return changed<TargetLock>(story, name, (lock) => ({ ...lock, spec: { ...lock.spec, ...spec } }));
}

/** The story in which a run ends otherwise. */
export function withRunEnd(story: readonly Told[], name: string, status: "True" | "False"): readonly Told[] {
  const conditions = [{ type: "Succeeded", status, reason: status === "True" ? "Succeeded" : "Failed" }];
  return changed<PipelineRun>(story, name, (run) => ({ ...run, status: { ...run.status, conditions } }));
}

function changed<T extends KubernetesObject>(
  story: readonly Told[],
  name: string,
  change: (object: T) => T,
): readonly Told[] {
  const write = told(story, name);
  return story.map((each) => (each === write ? { ...write, object: change(write.object as T) } : each));
}

/** The removal of what a write wrote. */
export function gone(story: readonly Told[], name: string): Told {
  return { ...told(story, name), what: `${name}, removed`, deleted: true };
}

/** The write of something else of the same kind and content. */
export function twin(
  story: readonly Told[],
  name: string,
  other: { readonly name: string; readonly uid: string },
): Told {
  const { kind, object } = told(story, name);
  return { what: `${name}, again`, kind, object: { ...object, metadata: { ...object.metadata, ...other } } };
}

/** The write of that name. */
export function told(story: readonly Told[], name: string): Told {
  const write = story[indexOf(story, name)];
  if (write === undefined) throw new Error(`no write is called ${name}`);
  return write;
}

function indexOf(story: readonly Told[], name: string): number {
  const index = story.findIndex(({ what }) => what === name);
  if (index === -1) throw new Error(`no write is called ${name}`);
  return index;
}
