import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../test/support/builders/a-pipeline-run.ts";
import { aSnapshot } from "../../test/support/builders/a-snapshot.ts";
import { aBoundLock, aHeldLock, aTargetLock } from "../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { ownLock } from "./own-lock.ts";
import { ownRun } from "./own-run.ts";

const w = aWorkflowExecution();
const run = aPipelineRun(w, "pending");
const stranger = aPipelineRun(w, "pending", { metadata: { name: "stranger", uid: "uid-of-stranger" } });

describe("an execution's own run", () => {
  it("is the one of its name before it is bound", () => {
    assert.equal(ownRun(aSnapshot({ runs: [stranger, run] }), w), run);
    assert.equal(ownRun(aSnapshot({ runs: [stranger] }), w), undefined);
  });
  it("is the one of the bound uid from then on, whatever others are called", () => {
    const bound = aWorkflowExecution({
      status: { executionRef: { namespace: "n", name: "x", uid: "uid-of-stranger" } },
    });
    assert.equal(ownRun(aSnapshot({ runs: [run, stranger] }), bound), stranger);
    assert.equal(ownRun(aSnapshot({ runs: [run] }), bound), undefined);
  });
});

describe("an execution's own lock", () => {
  it("is the one that it holds, by its uid", () => {
    assert.ok(ownLock(aSnapshot({ lock: aHeldLock(w) }), w));
    assert.ok(ownLock(aSnapshot({ lock: aBoundLock(w) }), w));
    const namesake = aWorkflowExecution({ metadata: { uid: "uid-of-namesake" } });
    assert.equal(ownLock(aSnapshot({ lock: aHeldLock(namesake) }), w), undefined);
    assert.equal(ownLock(aSnapshot({ lock: aTargetLock() }), w), undefined);
    assert.equal(ownLock(aSnapshot(), w), undefined);
  });
  it("isn't one whose record isn't understood", () => {
    assert.equal(ownLock(aSnapshot({ lock: aHeldLock(w, { formatVersion: 2 }) }), w), undefined);
  });
});
