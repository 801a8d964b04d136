import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aBlock, aHistory, aTargetLock } from "../../test/support/builders/a-target-lock.ts";
import { timeAfter } from "../../test/support/builders/moments.ts";
import type { WorkflowHistory } from "../api/target-lock.ts";
import { blockedWorkflows, blockOn, withoutBlock, type AskedWorkflow } from "./block.ts";

const bundle = { repository: "registry.example/workflows/restart", digest: "sha256:1" };
const failed = aHistory({ workflowId: "restart", bundle, blockedBy: aBlock() });
const exhausted = aHistory({ workflowId: "scale", bundle, blockedBy: aBlock({ reason: "ExhaustedRetries" }) });

/** The workflow whose record blocks what is asked for. */
function blockerOf(workflows: readonly WorkflowHistory[], workflowId: string, asked: AskedWorkflow["bundle"]): unknown {
  return blockOn(aTargetLock({ workflows }), { workflowId, bundle: asked })?.workflowId;
}

describe("a workflow", () => {
  const other = { repository: "registry.example/workflows/other", digest: "sha256:2" };
  it("that ran and failed is blocked, whatever bundle it brings now", () => {
    assert.equal(blockerOf([failed], "restart", other), "restart");
  });
  it("that failed too often before it ran is blocked", () => {
    assert.equal(blockerOf([exhausted], "scale", other), "scale");
  });
  it("of another name with the bundle that ran and failed is blocked too", () => {
    assert.equal(blockerOf([failed], "renamed", bundle), "restart");
  });
  it("is blocked by its own record first", () => {
    const own = aHistory({ workflowId: "own", blockedBy: aBlock({ uid: "uid-of-own" }) });
    assert.equal(blockerOf([failed, own], "own", bundle), "own");
  });

  const free: Readonly<Record<string, readonly [readonly WorkflowHistory[], AskedWorkflow["bundle"]]>> = {
    "where nothing failed": [[aHistory({ workflowId: "restart", bundle })], bundle],
    "with the bundle of one that only failed before it ran": [[exhausted], bundle],
    "with another version of the bundle that failed": [[failed], { ...bundle, digest: "sha256:2" }],
    "with the same digest in another repository": [[failed], { ...other, digest: "sha256:1" }],
    "whose bundle isn't known exactly": [[failed], { repository: bundle.repository }],
    "beside one whose bundle isn't known exactly": [
      [{ ...failed, bundle: { repository: bundle.repository } }],
      { repository: bundle.repository },
    ],
    "beside one whose bundle isn't known at all": [[aHistory({ workflowId: "restart", blockedBy: aBlock() })], bundle],
  };
  for (const [sentence, [workflows, asked]] of Object.entries(free)) {
    it(`${sentence} isn't blocked`, () => {
      assert.equal(blockerOf(workflows, "renamed", asked), undefined);
    });
  }
  it("isn't blocked on a target without a history", () => {
    assert.equal(blockOn(aTargetLock(), { workflowId: "restart", bundle }), undefined);
    assert.deepEqual(blockedWorkflows(), []);
  });
});

describe("a block that is cleared", () => {
  const backedOff = { ...failed, consecutiveFailures: 5, nextAllowedAt: timeAfter(600) };
  it("goes with the failures and the backoff of its workflow; all else is still known", () => {
    const { blockedBy: _blockedBy, ...kept } = failed;
    assert.deepEqual(withoutBlock([backedOff], "restart"), [{ ...kept, consecutiveFailures: 0 }]);
  });
  it("leaves the records of other workflows as they are, in their order", () => {
    const others = [aHistory({ workflowId: "a", consecutiveFailures: 2, nextAllowedAt: timeAfter(9) }), exhausted];
    const [first, second, third] = withoutBlock([...others, backedOff], "restart");
    assert.deepEqual([first, second], others);
    assert.deepEqual(blockedWorkflows([first, second, third].filter((one) => one !== undefined)), [exhausted]);
  });
  it("is none where the workflow isn't known", () => {
    assert.deepEqual(withoutBlock([failed], "unknown"), [failed]);
  });
});
