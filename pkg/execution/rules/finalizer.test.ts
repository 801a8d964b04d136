import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aCase } from "../../../test/support/builders/a-snapshot.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { addFinalizer, hasFinalizer } from "./finalizer.ts";

describe("an execution", () => {
  for (const finalizers of [[], ["somebody/else"]]) {
    it(`gets our finalizer where it has ${finalizers.join() || "none"}`, () => {
      const execution = aWorkflowExecution({ metadata: { finalizers } });
      assert.deepEqual(addFinalizer(aCase({ execution })), { type: "AddFinalizer", execution });
    });
  }
  it("gets it only once", () => {
    assert.equal(addFinalizer(aCase()), undefined);
    assert.ok(hasFinalizer(["somebody/else", "kubernaut.ai/workflowexecution-cleanup"]));
    assert.ok(!hasFinalizer(undefined));
  });
});
