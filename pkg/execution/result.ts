import type { Pod } from "../api/core.ts";
import type { KindCatalog } from "../api/kinds.ts";
import type { CustomRun, PipelineRun, TaskRun } from "../api/tekton.ts";
import type { TargetLock } from "../api/target-lock.ts";
import type { StepLog } from "../tekton/run-evidence.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";

/** What a Look found. */
export type Looked =
  | { readonly object: "execution"; readonly value: WorkflowExecution | undefined }
  | { readonly object: "kinds"; readonly value: KindCatalog }
  | { readonly object: "lock"; readonly name: string; readonly value: TargetLock | undefined }
  | { readonly object: "runs"; readonly value: readonly PipelineRun[] }
  | { readonly object: "taskRuns"; readonly value: readonly TaskRun[] }
  | { readonly object: "customRuns"; readonly value: readonly CustomRun[] }
  | { readonly object: "pods"; readonly value: readonly Pod[] };

/** What the request of a step came to. */
export type Result =
  | { readonly type: "looked"; readonly looked: Looked }
  /** The object as the API server has it after our write. */
  | { readonly type: "wroteExecution"; readonly execution: WorkflowExecution }
  | { readonly type: "wroteLock"; readonly lock: TargetLock }
  | { readonly type: "wroteRun"; readonly run: PipelineRun }
  | { readonly type: "reviewed"; readonly allowed: boolean }
  | { readonly type: "readLog"; readonly log: StepLog }
  /** Accepted; its effect shows itself later as an event of the watch. */
  | { readonly type: "accepted" }
  | { readonly type: "refused"; readonly refusal: Refusal };

/** Why a request didn't succeed, in the terms of pkg/runtime's ApiError. */
export interface Refusal {
  readonly kind: RefusalKind;
  readonly message: string;
  /** The server asked to wait that long (ms). */
  readonly retryAfterMs?: number;
}

export type RefusalKind =
  "notFound" | "conflict" | "exists" | "missing" | "forbidden" | "quota" | "rejected" | "expired" | "unknown";
