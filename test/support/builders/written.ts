import assert from "node:assert/strict";
import type { WorkflowExecutionStatus } from "../../../pkg/api/workflow-execution.ts";
import { eventName } from "../../../pkg/execution/outbox.ts";
import type { Step } from "../../../pkg/execution/step.ts";

/** The status that a step writes; fails the test where it writes none. */
export function written(step: Step | undefined): WorkflowExecutionStatus {
  assert.equal(step?.type, "WriteStatus", `it should write the status, not ${JSON.stringify(step)}`);
  const { status } = step.execution;
  assert.ok(status);
  return status;
}

/** The names of the events that a step puts into the outbox. */
export function eventsIn(step: Step | undefined): readonly string[] {
  return (written(step).audit?.pending ?? []).map(({ type }) => eventName(type));
}

/** What a step looks at; undefined where it is another step. */
export function lookedAt(step: Step | undefined): string | undefined {
  return step?.type === "Look" ? step.object : undefined;
}
