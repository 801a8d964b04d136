import assert from "node:assert/strict";
import type { Retry, SkipDetails, WorkflowExecutionStatus } from "../../pkg/api/workflow-execution.ts";
import { everSeen } from "../support/witness/exclusive.ts";
import { assertTrail } from "./audit-trail.ts";
import { eventWith, settled, type Created } from "./execute.ts";
import { NAMESPACE, type Platform } from "./platform.ts";

export interface ExpectedSkip {
  readonly reason: string;
  /** The execution that stands against it, in the tests' namespace. */
  readonly because: string;
  readonly message: RegExp;
  readonly retry: Retry;
}

type SkippedStatus = WorkflowExecutionStatus & { readonly skipDetails: SkipDetails };

/**
 * Waits until an execution is skipped for that reason, and checks that nothing of it ever ran and that everybody is told
 * the same: the status, whoever switches on its advice, the operator's event and the audit trail.
 */
export async function assertSkipped(
  platform: Platform,
  { name, uid }: Created,
  expected: ExpectedSkip,
): Promise<SkippedStatus> {
  const { reason, because, message, retry } = expected;
  const status = await settled(platform, name);
  const { skipDetails } = status;
  assert.deepEqual([status.phase, status.outcome, status.reason], ["Skipped", "n/a", reason], status.message);
  assert.ok(skipDetails);
  assert.equal(skipDetails.reason, reason);
  assert.match(skipDetails.message, message);
  assert.equal(status.message, skipDetails.message);
  assert.deepEqual(status.retry, retry);
  assert.equal(everSeen("run", platform.witness.changes(), uid).size, 0);
  const event = await eventWith(platform, uid, "ExecutionSkipped");
  assert.ok(event.type === "Normal" && event.message.endsWith(`skipped, ${skipDetails.message}`), event.message);
  const row = await assertTrail(platform.databaseUrl, uid, ["requested", "skipped"]);
  assert.deepEqual(
    [row.phase, row.outcome, row.skip_reason, row.conflicting_wfe, row.pipelinerun_name],
    ["Skipped", "n/a", reason, `${NAMESPACE}/${because}`, null],
  );
  return { ...status, skipDetails };
}
