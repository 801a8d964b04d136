import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { everSeen, startedRuns } from "../support/witness/exclusive.ts";
import { assertTrail } from "./audit-trail.ts";
import { assertReleased, conditionsOf, execute, settled } from "./execute.ts";
import type { Stage } from "./platform.ts";

const NO_SUCH_DIGEST = `sha256:${"0".repeat(64)}`;

/** Runs that fail, after and before something ran. */
export function failureSuite(stage: Stage): void {
  describe("a workflow that fails", () => {
    it("in a step: names task, step and exit code, and what was done before", async () => {
      const platform = stage();
      const uid = await execute(platform, {
        name: "failing-step",
        bundle: platform.bundles.failing,
        target: "deployment/failing-step",
      });
      const status = await settled(platform, "failing-step");
      assert.deepEqual([status.phase, status.outcome, status.reason], ["Failed", "Failed", "TaskFailed"]);
      const details = status.failureDetails;
      assert.ok(details);
      const { failedTaskName, failedTaskIndex, failedStepName, exitCode } = details;
      assert.deepEqual([failedTaskName, failedTaskIndex, failedStepName, exitCode], ["change", 1, "change", 42]);
      assert.equal(details.wasExecutionFailure, true);
      assert.match(details.naturalLanguageSummary, /prepare/);
      const { Succeeded, Ready, Stalled, ResourceLocked } = conditionsOf(status);
      assert.deepEqual([Succeeded, Ready, Stalled, ResourceLocked], ["False", "False", "True", "False"]);
      assert.equal(startedRuns(platform.witness.changes(), uid).size, 1);
      assertReleased(platform, status);
      const row = await assertTrail(platform.databaseUrl, uid, ["requested", "starting", "started", "failed"]);
      assert.deepEqual([row.phase, row.failure_reason], ["Failed", "TaskFailed"]);
    });

    it("because its bundle doesn't exist: says so, and that nothing ran", async () => {
      const platform = stage();
      const uid = await execute(platform, {
        name: "no-such-bundle",
        bundle: `${platform.bundles.failing.split("@")[0] ?? ""}@${NO_SUCH_DIGEST}`,
        target: "deployment/no-such-bundle",
      });
      const status = await settled(platform, "no-such-bundle");
      assert.deepEqual([status.phase, status.outcome, status.reason], ["Failed", "Failed", "ConfigurationError"]);
      assert.equal(status.failureDetails?.wasExecutionFailure, false);
      assert.match(status.failureDetails.message, /MANIFEST_UNKNOWN/);
      assert.equal(everSeen("pod", platform.witness.changes(), uid).size, 0);
      assertReleased(platform, status);
      await assertTrail(platform.databaseUrl, uid, ["requested", "starting", "started", "failed"]);
    });
  });
}
