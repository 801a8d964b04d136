import type { TaskRun } from "../api/tekton.ts";
import { items, text } from "../tekton/lenient.ts";

/** Keys (`namespace/name`) of the pods that a TaskRun has made, one for each attempt. */
export function podsOf({ metadata, status }: TaskRun): readonly string[] {
  const names = [status, ...items(status?.retriesStatus)].map((attempt) => text(attempt?.podName));
  return [...new Set(names.filter((name) => name !== ""))].map((name) => `${metadata.namespace ?? ""}/${name}`);
}
