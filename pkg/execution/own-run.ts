import type { KubernetesObject } from "../api/meta.ts";
import type { PipelineRun } from "../api/tekton.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { runName } from "../tekton/run-name.ts";
import type { ExecutionSnapshot } from "./snapshot.ts";
import type { Exactly, ExactVersion } from "./step.ts";

/** The execution's run: the bound one by uid, before the binding the one that has the execution's run name. */
export function ownRun(s: ExecutionSnapshot, w: WorkflowExecution): PipelineRun | undefined {
  const bound = w.status?.executionRef;
  if (bound !== undefined) return s.runs.value.find((run) => run.metadata.uid === bound.uid);
  const name = runName({ name: w.metadata.name, uid: w.metadata.uid ?? "" });
  return s.runs.value.find((run) => run.metadata.name === name);
}

/** An object as a precondition: this uid. */
export function exactly({ metadata }: KubernetesObject): Exactly {
  const { namespace = "", name, uid = "" } = metadata;
  return { namespace, name, uid };
}

/** An object as a precondition: this uid in this version. */
export function exactVersion(object: KubernetesObject): ExactVersion {
  return { ...exactly(object), resourceVersion: object.metadata.resourceVersion ?? "" };
}
