import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aHeldLock, aHistory, aTargetLock, holderFor, TARGET } from "../../../test/support/builders/a-target-lock.ts";
import { aCase } from "../../../test/support/builders/a-snapshot.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, lookedAt, written } from "../../../test/support/builders/written.ts";
import type { TargetLock } from "../../api/target-lock.ts";
import { takenLock } from "../../lock/lock-record.ts";
import { takeTarget } from "./take-target.ts";

const w = aWorkflowExecution();
const other = aWorkflowExecution({
  metadata: { name: "other", uid: "uid-of-other" },
  workflowRef: { workflowId: "w2" },
});
const holder = { ...holderFor(w), since: timeAfter(10) };

describe("an execution whose target", () => {
  it("has no lock yet creates it", () => {
    assert.deepEqual(takeTarget(aCase()), { type: "CreateLock", lock: takenLock(undefined, TARGET, holder) });
  });
  it("is Free takes the next epoch", () => {
    const lock = aTargetLock({ epoch: 4 });
    assert.deepEqual(takeTarget(aCase({ lock })), { type: "UpdateLock", lock: takenLock(lock, TARGET, holder) });
  });
  it("is its own already goes on", () => {
    assert.equal(takeTarget(aCase({ lock: aHeldLock(w) })), undefined);
  });
  it("was resolved only now looks at the lock of that name", () => {
    const step = takeTarget(aCase({ more: { lockName: undefined } }));
    const at = { by: "name", name: aTargetLock().metadata.name };
    assert.deepEqual(step, { type: "Look", object: "lock", at });
  });
  it("can't be resolved, or has been recorded with its run, is no matter of this rule", () => {
    assert.equal(
      takeTarget(aCase({ execution: aWorkflowExecution({ spec: { targetResource: "a/Unknown/b" } }) })),
      undefined,
    );
    const executionRef = { namespace: "n", name: "r", uid: "u" };
    assert.equal(takeTarget(aCase({ execution: aWorkflowExecution({ status: { executionRef } }) })), undefined);
  });

  const cooling = aTargetLock({ workflows: [aHistory()] });
  const refusals: Readonly<Record<string, readonly [TargetLock, reason: string]>> = {
    "is held by another execution": [aHeldLock(other), "ResourceBusy"],
    "has a lock in a newer format": [aTargetLock({ formatVersion: 2 }), "ResourceBusy"],
    "has a lock of another object of the same hash": [aTargetLock({ targetResource: "a/pods/b" }), "ResourceBusy"],
    "is in the cooldown of the same workflow": [cooling, "RecentlyRemediated"],
  };
  for (const [sentence, [lock, reason]] of Object.entries(refusals)) {
    it(`${sentence} is skipped, but only after a fresh look at the lock`, () => {
      assert.equal(lookedAt(takeTarget(aCase({ lock }))), "lock");
      const step = takeTarget(aCase({ lock, fresh: ["lock"] }));
      const { phase, outcome, skipDetails, executionRef } = written(step);
      assert.deepEqual([phase, outcome, skipDetails?.reason, executionRef], ["Skipped", "n/a", reason, undefined]);
      assert.deepEqual(eventsIn(step), ["requested", "skipped"]);
    });
  }
  it("is in the cooldown of another workflow is taken", () => {
    const lock = aTargetLock({ workflows: [aHistory({ workflowId: "another" })] });
    assert.equal(takeTarget(aCase({ lock }))?.type, "UpdateLock");
  });
  it("has a cooldown that ends now is taken", () => {
    assert.equal(takeTarget(aCase({ lock: cooling, now: after(240) }))?.type, "UpdateLock");
    assert.equal(lookedAt(takeTarget(aCase({ lock: cooling, now: after(240) - 1 }))), "lock");
  });
});
