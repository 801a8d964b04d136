import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aCase, type SnapshotWishes } from "../../../test/support/builders/a-snapshot.ts";
import { aBlock, aHeldLock, aHistory, aTargetLock, TARGET } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution, type ExecutionWishes } from "../../../test/support/builders/a-workflow-execution.ts";
import { timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, lookedAt, written } from "../../../test/support/builders/written.ts";
import type { WorkflowExecution } from "../../api/workflow-execution.ts";
import { blockedWorkflows } from "../../lock/block.ts";
import type { Step } from "../step.ts";
import { clearBlock } from "./clear-block.ts";

const annotations = {
  "kubernaut.ai/clear-execution-block": "disk replaced, token=abcdefghijklmnop",
  "kubernaut.ai/cleared-by": "ann",
};
const end = { phase: "Failed", outcome: "Failed", reason: "TaskFailed" } as const;

/** An execution that failed, and that somebody has annotated. */
function aFailed(wishes: ExecutionWishes = {}): WorkflowExecution {
  return aWorkflowExecution({ metadata: { annotations }, ...wishes, status: { ...end, ...wishes.status } });
}

const w = aFailed();
const own = aHistory({
  consecutiveFailures: 5,
  nextAllowedAt: timeAfter(600),
  blockedBy: aBlock({ name: "restart-checkout", uid: "uid-of-restart-checkout" }),
});
const others = aHistory({ workflowId: "other", blockedBy: aBlock() });
const lock = aTargetLock({ workflows: [others, own], summary: { blocked: "other,restart-deployment" } });

function clear(wishes: SnapshotWishes = {}): Step | undefined {
  return clearBlock(aCase({ execution: w, lock, ...wishes }));
}

describe("the block of an execution that somebody wants to be cleared", () => {
  const step = clear({ fresh: ["lock"] });
  const status = written(step);
  it("is looked at first: who cleared what can't be taken back", () => {
    assert.equal(lookedAt(clear()), "lock");
  });
  it("is recorded before it is lifted: who, when, why and how, without secrets", () => {
    assert.deepEqual(status.blockClearance, {
      clearedAt: timeAfter(10),
      clearedBy: "ann",
      clearReason: "disk replaced, token=[redacted]",
      clearMethod: "ExecutionAnnotation",
    });
    assert.deepEqual([status.phase, status.reason], ["Failed", "TaskFailed"]);
  });
  it("is on record in the same write", () => {
    assert.deepEqual(eventsIn(step), ["cleared"]);
    const { type, reason, facts } = status.audit?.pending?.[0] ?? {};
    assert.deepEqual([type, reason], ["workflowexecution.block.cleared", "PreviousExecutionFailed"]);
    assert.deepEqual(
      [facts?.["actor"], facts?.["clearReason"], facts?.["targetResource"], facts?.["workflowId"]],
      ["ann", "disk replaced, token=[redacted]", TARGET, "restart-deployment"],
    );
  });
  it("is lifted then, with its failures and its backoff; other blocks stay", () => {
    const lifting = clear({ execution: aFailed({ status }) });
    assert.ok(lifting?.type === "UpdateLock");
    const { blockedBy: _blockedBy, nextAllowedAt: _next, ...rest } = own;
    assert.deepEqual(lifting.lock.spec.workflows, [others, { ...rest, consecutiveFailures: 0 }]);
    assert.equal(lifting.lock.spec.summary?.blocked, "other");
    assert.equal(lifting.lock.metadata.resourceVersion, "50");
  });
  it("is lifted once that is recorded, whether the wish still stands there or not", () => {
    const execution = aFailed({ metadata: {}, status });
    assert.equal(clear({ execution })?.type, "UpdateLock");
  });
  it("is lifted also while another execution holds the target", () => {
    const holder = aWorkflowExecution({ metadata: { uid: "uid-of-holder" } });
    const held = aHeldLock(holder, { workflows: [own] });
    const lifting = clear({ execution: aFailed({ status }), lock: held });
    assert.ok(lifting?.type === "UpdateLock");
    assert.deepEqual(blockedWorkflows(lifting.lock.spec.workflows), []);
    assert.deepEqual(lifting.lock.spec.holder, held.spec.holder);
  });
  it("is found under the name of its own workflow, whatever the execution asks for by now", () => {
    const renamed = { ...own, workflowId: "as-it-was-called" };
    const lifting = clear({ execution: aFailed({ status }), lock: aTargetLock({ workflows: [renamed] }) });
    assert.deepEqual(lifting?.type === "UpdateLock" && blockedWorkflows(lifting.lock.spec.workflows), []);
  });

  const nothing: Readonly<Record<string, SnapshotWishes>> = {
    "where nobody asks for it": { execution: aFailed({ metadata: {} }) },
    "before the execution has ended": { execution: aFailed({ status: { phase: "Running" } }) },
    "where the block is that of another execution": { lock: aTargetLock({ workflows: [others] }) },
    "where nothing is blocked": { lock: aTargetLock({ workflows: [aHistory()] }) },
    "where the lock's record isn't understood": { lock: aTargetLock({ formatVersion: 2, workflows: [own] }) },
    "when it is lifted already": { execution: aFailed({ status }), lock: aTargetLock({ workflows: [others] }) },
  };
  for (const [sentence, wishes] of Object.entries(nothing)) {
    it(`is no matter of this rule ${sentence}`, () => {
      assert.equal(clear({ fresh: "all", ...wishes }), undefined);
    });
  }
  it("is no matter of this rule where there is no lock", () => {
    assert.equal(clearBlock(aCase({ execution: w, fresh: "all" })), undefined);
  });
});
