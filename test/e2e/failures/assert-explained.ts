import assert from "node:assert/strict";
import type { WorkflowExecutionStatus } from "../../../pkg/api/workflow-execution.ts";
import { stillActing } from "../../support/witness/exclusive.ts";
import { actingAtRelease } from "../acting-at-release.ts";
import { expectedEnding } from "./fault-table.ts";
import { endingOf, type Outcome } from "./run-case.ts";

/** Checks that a case ended as it was expected to, that this is said, and that nothing of it goes on. */
export function assertExplained(outcome: Outcome): void {
  const { fault, status } = outcome;
  assertEnded(outcome);
  const { logTail } = fault.expected;
  if (logTail !== undefined) assert.match(status?.failureDetails?.logTail ?? "", logTail, saidIn(status));
}

/** The same, but for the end of the log. */
export function assertEnded(outcome: Outcome): void {
  const status = assertSaid(outcome);
  if (outcome.scene === undefined) return;
  const { platform, execution } = outcome.scene;
  assert.deepEqual(actingAtRelease(platform, execution.uid, status), [], "the target waits for the last pod");
  assert.deepEqual(stillActing(platform.witness.changes(), execution.uid), [], "nothing goes on after the end");
}

/** Only what is said, not what was seen of its objects. Gives its last status. */
export function assertSaid({ fault, status, error }: Outcome): WorkflowExecutionStatus {
  if (status === undefined) throw error;
  const { failureDetails: details, message = "" } = status;
  const said = saidIn(status);
  const leaked = (fault.expected.hidden ?? []).filter((secret) => JSON.stringify(status).includes(secret));
  assert.deepEqual(leaked, [], said);
  const actual = endingOf(status);
  assert.deepEqual(actual, expectedEnding(fault, actual), said);
  assert.match(details?.naturalLanguageSummary ?? message, fault.expected.summary, said);
  assert.notEqual(details?.confidence, "unknown", said);
  return status;
}

function saidIn(status: WorkflowExecutionStatus | undefined): string {
  return JSON.stringify(status?.failureDetails ?? status, undefined, 2);
}
