import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aHeldLock, aTargetLock } from "../../../test/support/builders/a-target-lock.ts";
import { aLockSnapshot, aPolicy, aSnapshot } from "../../../test/support/builders/a-snapshot.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import type { LookAt, LookObject } from "../step.ts";
import { lookAtDoubtful } from "./doubtful.ts";

const w = aWorkflowExecution();
const { name: lockName } = aTargetLock().metadata;
const label = {
  by: "label",
  namespace: "kubernaut-workflows",
  labelSelector: "kubernaut.ai/workflow-execution-uid=uid-of-restart-checkout",
} as const;
const execution = { by: "name", namespace: "remediation", name: "restart-checkout" } as const;

const PLACES: Readonly<Record<LookObject, LookAt>> = {
  execution,
  kinds: { by: "discovery" },
  lock: { by: "name", name: lockName },
  runs: label,
  taskRuns: label,
  customRuns: label,
  pods: label,
};

describe("what moved under our feet", () => {
  for (const [object, at] of Object.entries(PLACES) as readonly (readonly [LookObject, LookAt])[]) {
    it(`is looked at before anything is decided about an execution: ${object}`, () => {
      const s = aSnapshot({ execution: w, doubtful: [object] });
      assert.deepEqual(lookAtDoubtful(s, aPolicy()), { type: "Look", object, at });
    });
    it(`is looked at before anything is decided about a lock, where its holder's things are: ${object}`, () => {
      const s = aLockSnapshot({ execution: w, lock: aHeldLock(w), doubtful: [object] });
      assert.deepEqual(lookAtDoubtful(s, aPolicy()), { type: "Look", object, at });
    });
  }

  it("is looked at one after another, the execution first", () => {
    const step = lookAtDoubtful(aSnapshot({ doubtful: ["pods", "execution"] }), aPolicy());
    assert.equal(step?.type === "Look" && step.object, "execution");
  });
  it("is looked at four times, then left alone for a while", () => {
    assert.equal(lookAtDoubtful(aSnapshot({ doubtful: ["runs"], more: { surprises: 4 } }), aPolicy())?.type, "Look");
    const step = lookAtDoubtful(aSnapshot({ doubtful: ["runs"], more: { surprises: 5 } }), aPolicy());
    assert.deepEqual(step, { type: "Backoff", message: "the runs of this key keeps changing" });
  });
  it("is nothing where all is cached or fresh", () => {
    assert.equal(lookAtDoubtful(aSnapshot({ fresh: ["lock"] }), aPolicy()), undefined);
  });
});
