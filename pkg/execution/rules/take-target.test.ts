import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  aBlock,
  aHeldLock,
  aHistory,
  aTargetLock,
  holderFor,
  TARGET,
} from "../../../test/support/builders/a-target-lock.ts";
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
    assert.deepEqual(takeTarget(aCase({ fresh: ["execution"] })), {
      type: "CreateLock",
      lock: takenLock(undefined, TARGET, holder),
    });
  });
  it("is Free takes the next epoch", () => {
    const lock = aTargetLock({ epoch: 4 });
    assert.deepEqual(takeTarget(aCase({ lock, fresh: ["execution"] })), {
      type: "UpdateLock",
      lock: takenLock(lock, TARGET, holder),
    });
  });
  it("is free looks at the execution first, which may have had it and ended in another controller", () => {
    assert.equal(lookedAt(takeTarget(aCase())), "execution");
    assert.equal(lookedAt(takeTarget(aCase({ lock: aTargetLock(), fresh: ["lock"] }))), "execution");
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
  const { cooldownEndsAt: _end, ...calm } = aHistory();
  const backing = aTargetLock({ workflows: [{ ...calm, consecutiveFailures: 1, nextAllowedAt: timeAfter(60) }] });
  const blocked = aTargetLock({ workflows: [{ ...calm, blockedBy: aBlock() }] });
  const refusals: Readonly<Record<string, readonly [TargetLock, reason: string]>> = {
    "is held by another execution": [aHeldLock(other), "ResourceBusy"],
    "has a lock in a newer format": [aTargetLock({ formatVersion: 2 }), "ResourceBusy"],
    "has a lock of another object of the same hash": [aTargetLock({ targetResource: "a/pods/b" }), "ResourceBusy"],
    "is in the cooldown of the same workflow": [cooling, "RecentlyRemediated"],
    "is in the backoff of the same workflow": [backing, "RecentlyRemediated"],
    "is blocked for the same workflow": [blocked, "PreviousExecutionFailed"],
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
    assert.equal(takeTarget(aCase({ lock, fresh: ["execution"] }))?.type, "UpdateLock");
  });
  it("has a cooldown that ends now is taken", () => {
    assert.equal(takeTarget(aCase({ lock: cooling, now: after(240), fresh: ["execution"] }))?.type, "UpdateLock");
    assert.equal(lookedAt(takeTarget(aCase({ lock: cooling, now: after(240) - 1 }))), "lock");
  });
});

describe("an execution that is asked to wait", () => {
  const { cooldownEndsAt: _end, ...calm } = aHistory();
  const cooling = aTargetLock({ workflows: [aHistory()] });
  const backing = aTargetLock({ workflows: [{ ...calm, consecutiveFailures: 1, nextAllowedAt: timeAfter(60) }] });
  const blocked = aTargetLock({ workflows: [{ ...calm, blockedBy: aBlock() }] });
  const cases: Readonly<Record<string, readonly [TargetLock, wish: "onBusy" | "onCooldown", reason: string]>> = {
    "a held target": [aHeldLock(other), "onBusy", "WaitingForTarget"],
    "a backoff": [backing, "onBusy", "WaitingForBackoff"],
    "a cooldown": [cooling, "onCooldown", "WaitingForCooldown"],
  };
  for (const [sentence, [lock, wish, reason]] of Object.entries(cases)) {
    it(`stays Pending for ${sentence}`, () => {
      const execution = aWorkflowExecution({ spec: { [wish]: "Wait" } });
      const status = written(takeTarget(aCase({ execution, lock })));
      assert.deepEqual([status.phase, status.reason], ["Pending", reason]);
    });
    it(`is skipped for ${sentence} where it was asked to wait only for something else`, () => {
      const execution = aWorkflowExecution({ spec: { [wish === "onBusy" ? "onCooldown" : "onBusy"]: "Wait" } });
      assert.equal(written(takeTarget(aCase({ execution, lock, fresh: ["lock"] }))).phase, "Skipped");
    });
  }
  it("is skipped where it is blocked: no time lifts a block", () => {
    const execution = aWorkflowExecution({ spec: { onBusy: "Wait", onCooldown: "Wait" } });
    const step = takeTarget(aCase({ execution, lock: blocked, fresh: ["lock"] }));
    assert.deepEqual(written(step).retry, { disposition: "WhenCleared" });
  });
});

describe("an execution whose target is free while an earlier one waits for it", () => {
  const metadata = { name: "first", uid: "uid-of-first", creationTimestamp: timeAfter(-1) };
  const first = aWorkflowExecution({
    metadata,
    workflowRef: { workflowId: "w2" },
    status: { reason: "WaitingForTarget" },
  });
  for (const lock of [undefined, aTargetLock()]) {
    it(`lets that one go first, whether it was asked to wait or not (${lock === undefined ? "no lock yet" : "free lock"})`, () => {
      for (const onBusy of ["Skip", "Wait"] as const) {
        const execution = aWorkflowExecution({ spec: { onBusy } });
        const step = takeTarget(
          aCase({ execution, more: { waiting: [first] }, ...(lock === undefined ? {} : { lock }) }),
        );
        assert.deepEqual([written(step).phase, written(step).reason], ["Pending", "WaitingForTurn"]);
      }
    });
  }
  it("is skipped when that one has taken it, where it wasn't asked to wait", () => {
    const execution = aWorkflowExecution({ status: { reason: "WaitingForTurn", message: "position 2" } });
    const step = takeTarget(aCase({ execution, lock: aHeldLock(first), more: { waiting: [first] }, fresh: ["lock"] }));
    assert.deepEqual([written(step).phase, written(step).reason], ["Skipped", "ResourceBusy"]);
  });
  it("takes it where that one has to wait longer for its own workflow", () => {
    const lock = aTargetLock({ workflows: [aHistory({ workflowId: "w2" })] });
    assert.equal(takeTarget(aCase({ lock, more: { waiting: [first] }, fresh: ["execution"] }))?.type, "UpdateLock");
  });
});
