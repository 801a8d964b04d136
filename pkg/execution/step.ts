import type { PipelineRun, CancelMode } from "../api/tekton.ts";
import type { ObjectMeta } from "../api/meta.ts";
import type { TargetLock } from "../api/target-lock.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";

/** What can be read anew. */
export type LookObject = "execution" | "kinds" | "lock" | "runs" | "taskRuns" | "customRuns" | "pods";

/** One object, to be changed or deleted only if it is still exactly this one. */
export interface Exactly {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface ExactVersion extends Exactly {
  readonly resourceVersion: string;
}

/** A cluster-scoped object in exactly this version. */
export type NamedVersion = Omit<ExactVersion, "namespace">;

/**
 * The next step: exactly one API request, or none. Each is safe to lose, to repeat and to arrive late (lock.md
 * section 2).
 */
export type Step =
  /** Nothing to do until something changes. */
  | { readonly type: "Done" }
  /** Nothing to do before that time (ms) unless something changes. */
  | { readonly type: "Wait"; readonly until: number }
  /** Try again later with backoff; what stands in the way is shown in the status already. */
  | { readonly type: "Backoff"; readonly message: string }
  | { readonly type: "Look"; readonly object: LookObject; readonly at: LookAt }
  | { readonly type: "AddFinalizer"; readonly execution: WorkflowExecution }
  | { readonly type: "RemoveFinalizer"; readonly execution: WorkflowExecution }
  | { readonly type: "WriteStatus"; readonly execution: WorkflowExecution }
  | { readonly type: "CreateLock"; readonly lock: TargetLock }
  | { readonly type: "UpdateLock"; readonly lock: TargetLock }
  | { readonly type: "DeleteLock"; readonly lock: NamedVersion }
  | { readonly type: "CreateRun"; readonly run: PipelineRun }
  | { readonly type: "ReviewAccess"; readonly namespace: string }
  | { readonly type: "StartRun"; readonly run: Exactly }
  /** Sets spec.status, and in the same write all annotations of the run: why, and when it was asked for, are among them. */
  | {
      readonly type: "CancelRun";
      readonly run: ExactVersion;
      readonly mode: CancelMode;
      readonly annotations: NonNullable<ObjectMeta["annotations"]>;
    }
  | { readonly type: "CancelTaskRun"; readonly taskRun: ExactVersion }
  | { readonly type: "DeleteRun"; readonly run: ExactVersion }
  | { readonly type: "DeletePod"; readonly pod: Exactly }
  | { readonly type: "ReadLog"; readonly pod: Exactly; readonly container: string };

/** Where to look: one object by name, or all objects with a label. */
export type LookAt =
  | { readonly by: "name"; readonly namespace?: string; readonly name: string }
  | { readonly by: "label"; readonly namespace: string; readonly labelSelector: string }
  | { readonly by: "discovery" };

export const DONE: Step = { type: "Done" };
