import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../../test/support/builders/a-pipeline-run.ts";
import { aLockSnapshot, aPolicy, type LockSnapshotWishes } from "../../../test/support/builders/a-snapshot.ts";
import { aBlock, aBoundLock, aHeldLock, aHistory, aTargetLock } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { lookedAt } from "../../../test/support/builders/written.ts";
import type { TargetLock, TargetLockSpec, WorkflowHistory } from "../../api/target-lock.ts";
import type { Step } from "../step.ts";
import { retire } from "./retire.ts";

const DAY = 86_400;
const LATER = after(10 * DAY);

/** A lock as the API server has it: created 100 seconds before aWorkflowExecution. */
function aLock(spec: Partial<TargetLockSpec> = {}): TargetLock {
  return created(aTargetLock(spec));
}

function created(lock: TargetLock): TargetLock {
  return { ...lock, metadata: { ...lock.metadata, creationTimestamp: timeAfter(-100) } };
}

function decide(lock: TargetLock | undefined, wishes: LockSnapshotWishes = {}): Step | undefined {
  return retire(aLockSnapshot({ fresh: ["lock"], ...wishes, ...(lock === undefined ? {} : { lock }) }), aPolicy());
}

describe("the lock of a target that nobody holds", () => {
  it("is deleted in the version that was read for it, and no other", () => {
    assert.equal(lookedAt(decide(aLock(), { now: LATER, fresh: [] })), "lock");
    const { name } = aTargetLock().metadata;
    assert.deepEqual(decide(aLock(), { now: LATER }), {
      type: "DeleteLock",
      lock: { name, uid: "uid-of-lock", resourceVersion: "50" },
    });
  });

  const { cooldownEndsAt: _end, ...calm } = aHistory({ completedAt: timeAfter(50) });
  const moments: readonly (readonly [sentence: string, readonly WorkflowHistory[], seconds: number])[] = [
    ["its creation, where nothing is remembered", [], -100],
    ["the end of the last execution", [{ ...calm, completedAt: timeAfter(20) }, calm], 50],
    ["the end of the last cooldown", [calm, aHistory({ cooldownEndsAt: timeAfter(240) })], 240],
    ["the end of a cooldown that still runs", [aHistory({ cooldownEndsAt: timeAfter(5 * DAY) })], 5 * DAY],
    ["its creation, where nothing says when anything ended", [{ workflowId: "w" }], -100],
  ];
  for (const [sentence, workflows, seconds] of moments) {
    it(`is deleted a day after ${sentence}`, () => {
      const until = after(seconds + DAY);
      assert.deepEqual(decide(aLock({ workflows }), { now: until - 1 }), { type: "Wait", until });
      assert.equal(decide(aLock({ workflows }), { now: until })?.type, "DeleteLock");
    });
  }
  it("is deleted although events of it were committed long ago", () => {
    const audit = { pending: [], acked: { ordinal: 3, at: timeAfter(0) } };
    assert.equal(decide(aLock({ audit }), { now: LATER })?.type, "DeleteLock");
  });
});

describe("the lock of a target", () => {
  const w = aWorkflowExecution();
  const other = { ordinal: 1, type: "workflowexecution.block.cleared", at: timeAfter(0), outcome: "success" } as const;
  const { name } = aTargetLock().metadata;
  const kept: Readonly<Record<string, TargetLock | undefined>> = {
    "that somebody has taken": created(aHeldLock(w)),
    "whose holder has a run": created(aBoundLock(w)),
    "on which a workflow is blocked": aLock({ workflows: [aHistory({ blockedBy: aBlock() })] }),
    "on which a workflow failed before it ran": aLock({ workflows: [aHistory({ consecutiveFailures: 1 })] }),
    "with an event that isn't committed": aLock({ audit: { pending: [other] } }),
    "of a newer format": aLock({ formatVersion: 2 }),
    "that is being deleted": { ...aLock(), metadata: { name, deletionTimestamp: timeAfter(0) } },
    "that isn't there": undefined,
  };
  for (const [sentence, lock] of Object.entries(kept)) {
    it(`${sentence} is left alone`, () => {
      assert.equal(decide(lock, { now: LATER }), undefined);
    });
  }
  it("with a Pending run is left alone: whoever sweeps it has to read that nobody holds the target", () => {
    assert.equal(decide(aLock(), { now: LATER, pendingRuns: [aPipelineRun(w, "pending")] }), undefined);
  });
});
