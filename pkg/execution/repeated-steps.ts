import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { repeatedSteps } from "../tekton/repeated-steps.ts";
import type { RunEvidence } from "../tekton/run-evidence.ts";
import { conditionOf, type ConditionChange } from "./conditions.ts";

/**
 * A pod that was deleted by force is made again under its name, and its step runs twice; Tekton's status says nothing of
 * it (failures.md section 3). Written down when it is noticed: later nobody can see it any more.
 */
export function repeatedCondition(w: WorkflowExecution, evidence: RunEvidence): readonly ConditionChange[] {
  const message = repeatedSteps(evidence);
  if (message === undefined || repetitionOf(w) !== undefined) return [];
  return [{ type: "StepsRepeated", status: "True", reason: "PodRecreated", message }];
}

/** What was noticed of it, now or earlier, if anything. */
export function repetition(w: WorkflowExecution, evidence: RunEvidence): string | undefined {
  return repetitionOf(w) ?? repeatedSteps(evidence);
}

function repetitionOf({ status }: WorkflowExecution): string | undefined {
  return conditionOf(status, "StepsRepeated")?.message;
}
