import { fromTimestamp } from "../api/time.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { parseGoDuration } from "../tekton/go-duration.ts";
import type { Policy } from "./policy.ts";

/** Latest moment at which this execution may still be started (ms). A remediation that old acts on an old diagnosis. */
export function startDeadline(w: WorkflowExecution, policy: Policy): number {
  const { executionConfig, timesOutAt } = w.spec;
  const maxDelay = executionConfig?.maxDelay === undefined ? undefined : parseGoDuration(executionConfig.maxDelay);
  const created = fromTimestamp(w.metadata.creationTimestamp ?? "");
  const latest = created + (maxDelay ?? policy.defaultMaxDelayMs);
  return timesOutAt === undefined ? latest : Math.min(latest, fromTimestamp(timesOutAt));
}
