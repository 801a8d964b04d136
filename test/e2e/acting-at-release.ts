import type { WorkflowExecutionStatus } from "../../pkg/api/workflow-execution.ts";
import { changesOf, inOrder } from "../support/witness/change.ts";
import { stillActing } from "../support/witness/exclusive.ts";
import type { Platform } from "./platform.ts";

/**
 * What of an execution could still act when its target was given back, by kind and name, and by the order of the API
 * server's own versions; nothing is what is promised.
 */
export function actingAtRelease(
  { witness }: Platform,
  executionUid: string,
  status: WorkflowExecutionStatus,
): readonly string[] {
  const changes = inOrder(witness.changes());
  const name = status.locks?.[0]?.name;
  const released = changesOf("lock", changes).findLast(
    ({ object }) => object.metadata.name === name && object.spec.state === "Free",
  );
  const before = changes.filter(({ version }) => released === undefined || version < released.version);
  return stillActing(before, executionUid);
}
