import type { WorkflowExecution } from "../api/workflow-execution.ts";
import type { KubernetesEvent } from "./kubernetes-event.ts";
import { WAITING_FOR } from "./waiting.ts";

/** The event of an execution that an audit trail far behind holds back, from the change that says so; else undefined. */
export function heldBackEvent(
  before: WorkflowExecution | undefined,
  after: WorkflowExecution,
): KubernetesEvent | undefined {
  const { reason, message = "" } = after.status ?? {};
  if (reason !== WAITING_FOR.audit || before?.status?.reason === reason) return undefined;
  const note = `not started, and held back until the audit trail has caught up: ${message}`;
  return { type: "Warning", reason, action: "Wait", note };
}
