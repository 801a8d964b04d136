import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { create, untilFinished, untilSettled, type ControllerContext } from "./context.ts";
import { auditRows, auditView, eventsWith } from "./records.ts";

/** Executions that fail: in a step, or before they get a run. */
export function testFailures(context: ControllerContext): void {
  describe("an execution whose step fails", () => {
    let execution: WorkflowExecution;

    it("ends as Failed and says which task, which step and with what exit code", async () => {
      const parameters = { PLAY_ENDING: "fail", PLAY_EXIT_CODE: "42" };
      await create(context.world(), { name: "fails", target: "payment/deployment/fails", parameters });
      execution = await untilSettled(context.world(), "fails");
      const { phase, outcome, failureDetails } = execution.status ?? {};
      assert.deepEqual([phase, outcome, failureDetails?.reason], ["Failed", "Failed", "TaskFailed"]);
      const { failedTaskName, failedStepName, exitCode, wasExecutionFailure } = failureDetails ?? {};
      assert.deepEqual([failedTaskName, failedStepName, exitCode, wasExecutionFailure], ["act", "change", 42, true]);
    });

    it("warns by an event that names the exit code", async () => {
      const events = await eventsWith(context.world(), execution, "ExecutionFailed");
      const failed = events.find(({ reason }) => reason === "ExecutionFailed");
      assert.equal(failed?.type, "Warning");
      assert.match(failed.message, /exited with code 42/);
    });

    it("is on record as failed", async () => {
      const rows = await auditRows(context.world(), execution);
      assert.deepEqual(
        rows.map(({ event }) => event),
        ["requested", "starting", "started", "failed"],
      );
      const view = await auditView(context.world(), execution);
      assert.deepEqual([view["phase"], view["outcome"], view["failure_reason"]], ["Failed", "Failed", "TaskFailed"]);
    });
  });

  describe("an execution that can't get a run", () => {
    it("fails before a lock is taken where its target's kind doesn't exist", async () => {
      await create(context.world(), { name: "no-kind", target: "payment/spaceship/one" });
      const { status, metadata } = await untilFinished(context.world(), "no-kind");
      assert.deepEqual([status?.phase, status?.reason], ["Failed", "ConfigurationError"]);
      assert.equal(status?.failureDetails?.wasExecutionFailure, false);
      const held = context.world().stores.locks.byIndex("holder", metadata.uid ?? "");
      assert.deepEqual(held, []);
    });

    it("fails where it was made for another cluster", async () => {
      const spec = { clusterID: "elsewhere" };
      await create(context.world(), { name: "elsewhere", target: "payment/deployment/elsewhere", spec });
      const { status } = await untilFinished(context.world(), "elsewhere");
      assert.deepEqual([status?.phase, status?.reason], ["Failed", "UnsupportedCluster"]);
    });
  });
}
