import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aLockSnapshot, aSnapshot } from "../../test/support/builders/a-snapshot.ts";
import { aHeldLock, aTargetLock } from "../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { lookedAt } from "../../test/support/builders/written.ts";
import { executionUid, look, lookAtFirst } from "./look.ts";

describe("a look", () => {
  it("is taken at the first object that wasn't read for this decision", () => {
    assert.equal(lookedAt(lookAtFirst(aSnapshot(), ["runs", "pods"], "n")), "runs");
    assert.equal(lookedAt(lookAtFirst(aSnapshot({ fresh: ["runs"] }), ["runs", "pods"], "n")), "pods");
    assert.equal(lookAtFirst(aSnapshot({ fresh: ["runs", "pods"] }), ["runs", "pods"], "n"), undefined);
  });
  it("at a lock's execution is one at its holder", () => {
    const holder = aWorkflowExecution({ metadata: { name: "holder", namespace: "team-b", uid: "uid-of-holder" } });
    const s = aLockSnapshot({ lock: aHeldLock(holder) });
    const at = { by: "name", namespace: "team-b", name: "holder" };
    assert.deepEqual(look(s, "execution", "n"), { type: "Look", object: "execution", at });
    assert.equal(executionUid(s), "uid-of-holder");
  });
  it("has nobody's children where a lock has no holder", () => {
    assert.equal(executionUid(aLockSnapshot({ lock: aTargetLock() })), "");
  });
});
