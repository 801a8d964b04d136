import { LABEL_EXECUTION_UID } from "../../../pkg/api/labels.ts";
import type { ObjectMeta } from "../../../pkg/api/meta.ts";
import {
  PIPELINE_RUN_PENDING,
  type PipelineRun,
  type PipelineRunSpec,
  type PipelineRunStatus,
} from "../../../pkg/api/tekton.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { runName } from "../../../pkg/tekton/run-name.ts";
import { timeAfter } from "./moments.ts";

export type RunProgress = "pending" | "started" | "running" | "succeeded" | "failed" | "cancelled";

export interface RunWishes {
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: Partial<PipelineRunSpec>;
  readonly status?: Partial<PipelineRunStatus>;
}

const TASKS = { tasks: [{ name: "restart" }] };
const BEGUN = { startTime: timeAfter(2), pipelineSpec: TASKS };
const DONE = { ...BEGUN, completionTime: timeAfter(32) };

/** What Tekton has written at each stage; before it began, nothing. */
const STATUS: Readonly<Record<RunProgress, PipelineRunStatus | undefined>> = {
  pending: undefined,
  started: undefined,
  running: { ...BEGUN, conditions: [{ type: "Succeeded", status: "Unknown", reason: "Running", message: "" }] },
  succeeded: { ...DONE, conditions: [{ type: "Succeeded", status: "True", reason: "Succeeded", message: "" }] },
  failed: { ...DONE, conditions: [{ type: "Succeeded", status: "False", reason: "Failed", message: "Tasks failed" }] },
  cancelled: { ...DONE, conditions: [{ type: "Succeeded", status: "False", reason: "Cancelled", message: "" }] },
};

/** The run of that execution, that far. */
export function aPipelineRun(w: WorkflowExecution, progress: RunProgress, wishes: RunWishes = {}): PipelineRun {
  const { name, uid = "" } = w.metadata;
  const status = STATUS[progress];
  return {
    metadata: {
      name: runName({ name, uid }),
      namespace: "kubernaut-workflows",
      uid: "uid-of-run",
      resourceVersion: "200",
      labels: { [LABEL_EXECUTION_UID]: uid },
      ...wishes.metadata,
    },
    spec: { ...(progress === "pending" ? { status: PIPELINE_RUN_PENDING } : {}), ...wishes.spec },
    ...(status === undefined ? {} : { status: { ...status, ...wishes.status } }),
  };
}
