import type { WorkflowExecutionStatus } from "../../pkg/api/workflow-execution.ts";
import { conditionOf } from "../../pkg/execution/conditions.ts";

/** When an execution ended by its own word: server time in whole seconds, cut off (ms). NaN where nothing says it. */
export function endedAt(status: WorkflowExecutionStatus): number {
  return Date.parse(conditionOf(status, "Finished")?.lastTransitionTime ?? status.completionTime ?? "");
}
