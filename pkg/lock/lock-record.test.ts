import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  aBlock,
  aBoundLock,
  aHeldLock,
  aHistory,
  aTargetLock,
  holderFor,
  TARGET,
} from "../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { timeAfter } from "../../test/support/builders/moments.ts";
import type { TargetLockSpec } from "../api/target-lock.ts";
import { lockName } from "./lock-name.ts";
import { boundLock, isUnderstood, releasedLock, takenLock, withHistory } from "./lock-record.ts";

const w = aWorkflowExecution();
const run = { namespace: "kubernaut-workflows", name: "the-run", uid: "uid-of-run" };
const blocked = aHistory({ workflowId: "bad", blockedBy: aBlock() });

describe("a lock that is taken", () => {
  it("is a new record of epoch 1 where there was none", () => {
    assert.deepEqual(takenLock(undefined, TARGET, holderFor(w)), {
      apiVersion: "kubernaut.ai/v1alpha1",
      kind: "TargetLock",
      metadata: { name: lockName(TARGET) },
      spec: {
        formatVersion: 1,
        targetResource: TARGET,
        state: "Held",
        epoch: 1,
        holder: holderFor(w),
        summary: { holder: "remediation/restart-checkout", since: timeAfter(1) },
      },
    });
  });
  it("is the next epoch of the free one, with its version and its history", () => {
    const taken = takenLock(aTargetLock({ epoch: 7, workflows: [blocked] }), TARGET, holderFor(w));
    assert.equal(taken.spec.epoch, 8);
    assert.equal(taken.spec.state, "Held");
    assert.equal(taken.metadata.resourceVersion, "50");
    assert.deepEqual(taken.spec.workflows, [blocked]);
    assert.equal(taken.spec.summary?.blocked, "bad");
  });
});

describe("a lock that is bound", () => {
  it("names the run of its holder, in the same epoch", () => {
    const { spec } = boundLock(aHeldLock(w, { epoch: 7 }), run);
    assert.deepEqual([spec.state, spec.epoch, spec.run, spec.holder], ["Bound", 7, run, holderFor(w)]);
    assert.equal(spec.summary?.run, "kubernaut-workflows/the-run");
  });
  it("stays as it is where nobody holds it", () => {
    assert.deepEqual(boundLock(aTargetLock(), run), aTargetLock());
  });
});

describe("a lock that is released", () => {
  it("is Free, without holder and run, in the same epoch", () => {
    const { spec, metadata } = releasedLock(aBoundLock(w, "u", { epoch: 7 }), []);
    assert.deepEqual([spec.state, spec.epoch, spec.workflows], ["Free", 7, []]);
    assert.ok(!("holder" in spec) && !("run" in spec) && !("summary" in spec));
    assert.equal(metadata.resourceVersion, "50");
  });
  it("still shows which workflows are blocked", () => {
    const { spec } = releasedLock(aHeldLock(w), [aHistory(), blocked]);
    assert.deepEqual(spec.summary, { blocked: "bad" });
    assert.deepEqual(spec.workflows, [aHistory(), blocked]);
  });
});

describe("a lock with another history", () => {
  it("says in words which workflows are blocked now", () => {
    const before = aTargetLock({ workflows: [blocked], summary: { blocked: "bad" } });
    assert.deepEqual(withHistory(before, [aHistory()]).spec, {
      ...aTargetLock().spec,
      workflows: [aHistory()],
    });
    const worse = aHistory({ workflowId: "worse", blockedBy: aBlock() });
    assert.deepEqual(withHistory(before, [blocked, aHistory(), worse]).spec.summary, { blocked: "bad,worse" });
  });
  it("keeps its holder, its run and its version", () => {
    const before = boundLock(aHeldLock(w, { workflows: [blocked] }), run);
    const { spec, metadata } = withHistory(before, []);
    const { blocked: _blocked, ...words } = before.spec.summary ?? {};
    assert.deepEqual(spec, { ...before.spec, workflows: [], summary: words });
    assert.equal(metadata.resourceVersion, "50");
  });
});

describe("a lock's record", () => {
  for (const state of ["Free", "Held", "Bound"] as const) {
    it(`is understood in state ${state}`, () => {
      assert.ok(isUnderstood(aTargetLock({ state })));
    });
  }
  it("is not understood in a newer format", () => {
    assert.ok(!isUnderstood(aTargetLock({ formatVersion: 2 })));
  });
  it("is not understood in a state that this version doesn't know", () => {
    assert.ok(!isUnderstood(aTargetLock({ state: "Shared" as TargetLockSpec["state"] })));
  });
});
