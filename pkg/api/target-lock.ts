import type { KubernetesObject } from "./meta.ts";
import type { TargetLockFields } from "./target-lock.gen.ts";

export type {
  HistoryOutcome,
  LockedRun,
  LockHolder,
  LockSummary,
  TargetLockSpec,
  WorkflowHistory,
} from "./target-lock.gen.ts";

/** Who holds a target, and what cooldowns, backoffs and blocks are decided from (config/crd/kubernaut.ai_targetlocks.yaml). */
export interface TargetLock extends KubernetesObject, TargetLockFields {}
