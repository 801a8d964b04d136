import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  aBlock,
  aBoundLock,
  aHeldLock,
  aHistory,
  aTargetLock,
  TARGET,
} from "../../../test/support/builders/a-target-lock.ts";
import { ASKED_DIGEST, aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import type { TargetLock, WorkflowHistory } from "../../api/target-lock.ts";
import { targetObstacle, type Obstacle } from "./target-obstacle.ts";

const w = aWorkflowExecution();
const other = aWorkflowExecution({ metadata: { name: "other", uid: "uid-of-other" } });
const { cooldownEndsAt: _end, ...calm } = aHistory();

function obstacle(lock: TargetLock | undefined, now: number = after(10)): Obstacle | undefined {
  return targetObstacle(w, { target: TARGET, lock, now });
}

function remembering(...workflows: readonly WorkflowHistory[]): TargetLock {
  return aTargetLock({ workflows });
}

const cooling = aHistory();
const backing = { ...calm, consecutiveFailures: 2, nextAllowedAt: timeAfter(120) };
const failed = { ...calm, blockedBy: aBlock() };
const exhausted = { ...backing, blockedBy: aBlock({ reason: "ExhaustedRetries" }) };
const bundle = { repository: "registry.example/workflows/restart", digest: ASKED_DIGEST };
const sameBundle = { ...failed, workflowId: "renamed", bundle };
const full = Array.from({ length: 256 }, (_, n) => ({ ...failed, workflowId: `w${String(n)}` }));

describe("what stands between an execution and its target", () => {
  const cases: Readonly<Record<string, readonly [TargetLock, kind: Obstacle["kind"], reason: string]>> = {
    "another execution that has taken it": [aHeldLock(other), "busy", "ResourceBusy"],
    "another execution whose run is bound": [aBoundLock(other), "busy", "ResourceBusy"],
    "a record of a newer format": [aTargetLock({ formatVersion: 2 }), "busy", "ResourceBusy"],
    "the record of another object": [aTargetLock({ targetResource: "a/pods/b" }), "busy", "ResourceBusy"],
    "a failure of its workflow": [remembering(failed), "blocked", "PreviousExecutionFailed"],
    "a failure of its bundle under another name": [remembering(sameBundle), "blocked", "PreviousExecutionFailed"],
    "too many failures before execution": [remembering(exhausted), "blocked", "ExhaustedRetries"],
    "a record that is full of blocks": [remembering(...full), "blocked", "PreviousExecutionFailed"],
    "a backoff": [remembering(backing), "backoff", "RecentlyRemediated"],
    "a cooldown": [remembering(cooling), "cooldown", "RecentlyRemediated"],
  };
  for (const [sentence, [lock, kind, reason]] of Object.entries(cases)) {
    it(`is ${sentence}`, () => {
      const found = obstacle(lock);
      assert.deepEqual([found?.kind, found?.details.reason], [kind, reason]);
    });
  }
  it("is nothing where there is no record, or nothing in it that matters", () => {
    for (const lock of [
      undefined,
      aTargetLock(),
      remembering(calm),
      remembering({ ...calm, consecutiveFailures: 4 }),
    ]) {
      assert.equal(obstacle(lock), undefined);
    }
  });
  it("is nothing of another workflow's with another bundle", () => {
    const others = [backing, cooling, failed, exhausted].map((one, n) => ({ ...one, workflowId: `w${String(n)}` }));
    assert.equal(obstacle(remembering(...others)), undefined);
  });
  it("ends with its time, not before", () => {
    const backoff = obstacle(remembering(backing), after(120) - 1);
    assert.equal(backoff?.kind === "backoff" && backoff.until, after(120));
    assert.equal(obstacle(remembering(backing), after(120)), undefined);
    const cooldown = obstacle(remembering(cooling), after(240) - 1);
    assert.equal(cooldown?.kind === "cooldown" && cooldown.until, after(240));
    assert.equal(obstacle(remembering(cooling), after(240)), undefined);
  });
});

describe("of several obstacles", () => {
  it("a holder comes first: nobody else is looked at", () => {
    assert.equal(obstacle(aHeldLock(other, { workflows: [failed] }))?.kind, "busy");
  });
  it("a block comes before times that pass by themselves", () => {
    assert.equal(obstacle(remembering({ ...exhausted, cooldownEndsAt: timeAfter(240) }))?.kind, "blocked");
  });
  it("a backoff comes before a cooldown, and then the cooldown is still there", () => {
    const both = remembering({ ...backing, cooldownEndsAt: timeAfter(240) });
    assert.equal(obstacle(both)?.kind, "backoff");
    assert.equal(obstacle(both, after(120))?.kind, "cooldown");
  });
});
