import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aBlock, aHistory } from "../../test/support/builders/a-target-lock.ts";
import { timeAfter } from "../../test/support/builders/moments.ts";
import { clearanceWish, clearedEvent } from "./clearance.ts";

function wishOf(annotations: Readonly<Record<string, string>>): unknown {
  return clearanceWish({ metadata: { name: "x", annotations } });
}

describe("the wish to lift a block", () => {
  it("is what somebody wrote, and who it was", () => {
    assert.deepEqual(
      wishOf({ "kubernaut.ai/clear-execution-block": " disk replaced\n", "kubernaut.ai/cleared-by": "ann" }),
      { text: "disk replaced", clearedBy: "ann" },
    );
  });
  const none: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "a name": { "kubernaut.ai/clear-execution-block": "disk replaced" },
    "a name that says anything": { "kubernaut.ai/clear-execution-block": "why", "kubernaut.ai/cleared-by": "" },
    "a reason": { "kubernaut.ai/cleared-by": "ann" },
    "more than blanks": { "kubernaut.ai/clear-execution-block": " \n", "kubernaut.ai/cleared-by": "ann" },
    "any annotation": {},
  };
  for (const [sentence, annotations] of Object.entries(none)) {
    it(`is none without ${sentence}`, () => {
      assert.equal(wishOf(annotations), undefined);
    });
  }
  it("is none where there are no annotations at all", () => {
    assert.equal(clearanceWish({ metadata: { name: "x" } }), undefined);
  });
});

describe("the audit event of a block that is lifted", () => {
  it("says who, why, how, and what the block was", () => {
    const block = aHistory({ workflowId: "restart", blockedBy: aBlock() });
    const clearance = {
      targetResource: "payment/deployments.apps/checkout",
      clearedBy: "ann",
      clearReason: "disk replaced",
      clearMethod: "TargetLockAnnotation",
    } as const;
    assert.deepEqual(clearedEvent({ ...block, blockedBy: aBlock() }, clearance), {
      name: "cleared",
      outcome: "success",
      reason: "PreviousExecutionFailed",
      facts: {
        targetResource: "payment/deployments.apps/checkout",
        actor: "ann",
        clearReason: "disk replaced",
        clearMethod: "TargetLockAnnotation",
        workflowId: "restart",
        blockReason: "PreviousExecutionFailed",
        blockedSince: timeAfter(-60),
        blockedExecution: "remediation/earlier",
        blockedExecutionUid: "uid-of-earlier",
      },
    });
  });
});
