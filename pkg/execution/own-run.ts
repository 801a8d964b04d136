import type { PipelineRun } from "../api/tekton.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { runName } from "../tekton/run-name.ts";
import type { ExecutionSnapshot } from "./snapshot.ts";
import type { ExactVersion } from "./step.ts";

/** The execution's run: the bound one by uid, before the binding the one that has the execution's run name. */
export function ownRun(s: ExecutionSnapshot, w: WorkflowExecution): PipelineRun | undefined {
  const bound = w.status?.executionRef;
  if (bound !== undefined) return s.runs.value.find((run) => run.metadata.uid === bound.uid);
  const name = runName({ name: w.metadata.name, uid: w.metadata.uid ?? "" });
  return s.runs.value.find((run) => run.metadata.name === name);
}

/** An object as a precondition: this uid in this version. */
export function exactVersion(object: PipelineRun): ExactVersion {
  const { namespace = "", name, uid = "", resourceVersion = "" } = object.metadata;
  return { namespace, name, uid, resourceVersion };
}
