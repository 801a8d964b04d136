import { toTimestamp } from "../../api/time.ts";
import type { WorkflowExecutionStatus } from "../../api/workflow-execution.ts";
import { endFacts, requestedEvent } from "../facts.ts";
import { retryAfterSkip } from "../retry.ts";
import type { Case } from "../rule.ts";
import { DONE, type Step } from "../step.ts";
import { writeStatus } from "../write-status.ts";
import type { Obstacle } from "./target-obstacle.ts";

/** Ends an execution as Skipped: nothing ran, nothing will. */
export function skip(c: Case, obstacle: Obstacle): Step {
  const { s, w } = c;
  const { details: skipDetails } = obstacle;
  const { reason, message } = skipDetails;
  const target = s.lock.value?.spec.targetResource;
  const status: Partial<WorkflowExecutionStatus> = {
    phase: "Skipped",
    outcome: "n/a",
    reason,
    message,
    skipDetails,
    completionTime: toTimestamp(s.now),
    ...retryAfterSkip(w, s.lock.value, obstacle),
  };
  const facts = endFacts(c, status);
  return (
    writeStatus(s, w, {
      status,
      conditions: [{ type: "ResourceLocked", status: "False", reason, message }],
      events: [requestedEvent(w, target), { name: "skipped", outcome: "failure", reason, facts }],
    }) ?? DONE
  );
}
