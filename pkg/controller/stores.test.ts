import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { createStores } from "./stores.ts";

/** How many executions that aren't started are found at the place, after these writes of one execution. */
function unstartedAfter(...writes: readonly WorkflowExecution[]): number {
  const { executions } = createStores();
  for (const [n, one] of writes.entries()) {
    executions.applyWrite({ ...one, metadata: { ...one.metadata, resourceVersion: String(n + 1) } });
  }
  return executions.byIndex("unstarted", "payment/checkout").length;
}

describe("executions that aren't started yet", () => {
  const executionRef = { namespace: "n", name: "r", uid: "u" };
  it("are found by the place of their target, however its kind is written", () => {
    assert.equal(unstartedAfter(aWorkflowExecution()), 1);
    assert.equal(unstartedAfter(aWorkflowExecution({ spec: { targetResource: "payment/deploy/checkout" } })), 1);
    assert.equal(unstartedAfter(aWorkflowExecution({ spec: { targetResource: "shop/deploy/checkout" } })), 0);
  });
  it("are found from the first moment on, before anything is written in their status", () => {
    const { status: _status, ...bare } = aWorkflowExecution();
    assert.equal(unstartedAfter(bare), 1);
  });
  it("aren't found any more when they have a run, or have ended", () => {
    assert.equal(unstartedAfter(aWorkflowExecution(), aWorkflowExecution({ status: { executionRef } })), 0);
    for (const phase of ["Completed", "Failed", "Skipped"] as const) {
      assert.equal(unstartedAfter(aWorkflowExecution(), aWorkflowExecution({ status: { phase } })), 0);
    }
  });
});
