import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../../test/support/builders/a-pipeline-run.ts";
import { aCase } from "../../../test/support/builders/a-snapshot.ts";
import { aBoundLock, aHeldLock, aTargetLock, TARGET } from "../../../test/support/builders/a-target-lock.ts";
import { ASKED_DIGEST, aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, lookedAt, written } from "../../../test/support/builders/written.ts";
import { conditionOf } from "../conditions.ts";
import { bindRun, createRun, startRun, writeAhead } from "./prepare-run.ts";

const w = aWorkflowExecution();
const pending = aPipelineRun(w, "pending");
const ref = { namespace: "kubernaut-workflows", name: pending.metadata.name, uid: "uid-of-run" };
const held = aHeldLock(w);
const bound = aBoundLock(w);
const recorded = aWorkflowExecution({
  status: { executionRef: ref, locks: [{ name: bound.metadata.name, uid: "uid-of-lock", epoch: 1 }] },
});
const going = { metadata: { deletionTimestamp: timeAfter(9) } };

describe("the run of an execution that holds its target (A3)", () => {
  it("is created Pending, labelled with its execution", () => {
    const step = createRun(aCase({ lock: held }));
    assert.equal(step?.type, "CreateRun");
    assert.equal(step.run.spec.status, "PipelineRunPending");
    assert.equal(step.run.metadata.name, pending.metadata.name);
    assert.equal(step.run.metadata.labels?.["kubernaut.ai/workflow-execution-uid"], "uid-of-restart-checkout");
    assert.equal(step.run.metadata.annotations?.["kubernaut.ai/lock-epoch"], "1");
  });
  it("isn't created twice", () => {
    assert.equal(createRun(aCase({ lock: held, runs: [pending] })), undefined);
    assert.equal(createRun(aCase({ lock: bound, runs: [pending] })), undefined);
    assert.equal(createRun(aCase({ execution: recorded, lock: bound })), undefined);
  });
  it("isn't created without the lock", () => {
    assert.equal(createRun(aCase()), undefined);
    assert.equal(createRun(aCase({ lock: aTargetLock() })), undefined);
    const other = aWorkflowExecution({ metadata: { uid: "uid-of-another" } });
    assert.equal(createRun(aCase({ lock: aHeldLock(other) })), undefined);
  });
  it("that was rejected for good ends the execution before it ran", () => {
    const rejection = { reason: "Forbidden", message: "denied by policy" } as const;
    const step = createRun(aCase({ lock: held, more: { rejection } }));
    assert.equal(written(step).failureDetails?.reason, "Forbidden");
    assert.deepEqual(eventsIn(step), ["requested", "failed"]);
  });
  it("that was bound and is gone is looked for, then given up: a second one is never made", () => {
    assert.equal(lookedAt(createRun(aCase({ lock: bound }))), "runs");
    const step = createRun(aCase({ lock: bound, fresh: ["runs"] }));
    assert.equal(written(step).failureDetails?.reason, "ExternallyDeleted");
  });
  it("that was bound isn't replaced by one that was created late under the same name", () => {
    const late = aPipelineRun(w, "pending", { metadata: { uid: "uid-of-late-run" } });
    assert.equal(lookedAt(createRun(aCase({ lock: bound, runs: [late] }))), "runs");
    const step = createRun(aCase({ lock: bound, runs: [late], fresh: ["runs"] }));
    assert.equal(written(step).failureDetails?.reason, "ExternallyDeleted");
  });
});

describe("a run that was created (A4)", () => {
  it("is bound to the lock", () => {
    const step = bindRun(aCase({ lock: held, runs: [pending] }));
    assert.equal(step?.type, "UpdateLock");
    assert.deepEqual([step.lock.spec.state, step.lock.spec.run, step.lock.spec.epoch], ["Bound", ref, 1]);
  });
  it("is bound once", () => {
    assert.equal(bindRun(aCase({ lock: bound, runs: [pending] })), undefined);
    assert.equal(bindRun(aCase({ execution: recorded, lock: bound, runs: [pending] })), undefined);
  });
  it("isn't bound any more when it is being deleted", () => {
    assert.deepEqual(bindRun(aCase({ lock: held, runs: [aPipelineRun(w, "pending", going)] })), { type: "Done" });
  });
});

describe("a run that was bound (A5)", () => {
  const step = writeAhead(aCase({ lock: bound, runs: [pending] }));
  const status = written(step);
  it("is written down before it is started, with its lock and epoch", () => {
    assert.deepEqual(status.executionRef, ref);
    assert.deepEqual(status.locks, [{ name: bound.metadata.name, uid: "uid-of-lock", epoch: 1 }]);
    assert.deepEqual([status.phase, status.reason], ["Pending", "Starting"]);
    assert.equal(status.pipelineRunRef?.name, ref.name);
    assert.equal(status.bundle?.digest, ASKED_DIGEST);
  });
  it("has its intent in the outbox", () => {
    assert.deepEqual(eventsIn(step), ["requested", "starting"]);
    const facts = status.audit?.pending?.[1]?.facts;
    assert.equal(facts?.["runUid"], "uid-of-run");
    assert.equal(facts["targetResource"], TARGET);
    assert.equal(facts["lockEpoch"], "1");
    assert.equal(status.audit?.pending?.[1]?.outcome, "pending");
  });
  it("has on record who asked for it, where that is known", () => {
    const requestedBy = { username: "ada", uid: "u-1", groups: ["sre"] };
    const execution = aWorkflowExecution({ spec: { requestedBy } });
    const asked = written(writeAhead(aCase({ execution, lock: aBoundLock(execution), runs: [pending] })));
    const [requested, starting] = asked.audit?.pending ?? [];
    const { actor, actorUid, actorGroups } = requested?.facts ?? {};
    assert.deepEqual([actor, actorUid, actorGroups], ["ada", "u-1", '["sre"]']);
    assert.equal(starting?.facts?.["actor"], undefined);
  });
  it("has nobody on record where nobody is named", () => {
    assert.equal(status.audit?.pending?.[0]?.facts?.["actor"], undefined);
  });
  it("shows the lock and the run as conditions", () => {
    assert.equal(conditionOf(status, "ResourceLocked")?.status, "True");
    assert.equal(conditionOf(status, "TektonPipelineCreated")?.status, "True");
    assert.equal(conditionOf(status, "Finished")?.status, "False");
  });
  it("is written down only once, and only under the lock", () => {
    assert.equal(writeAhead(aCase({ execution: recorded, lock: bound, runs: [pending] })), undefined);
    assert.equal(writeAhead(aCase({ runs: [pending] })), undefined);
    assert.equal(writeAhead(aCase({ lock: bound })), undefined);
  });
});

describe("a run that was written down (A6)", () => {
  const runs = [pending];
  it("is started: that very run", () => {
    assert.deepEqual(startRun(aCase({ execution: recorded, lock: bound, runs })), { type: "StartRun", run: ref });
  });
  it("isn't started when it is being deleted", () => {
    const deleted = [aPipelineRun(w, "pending", going)];
    assert.deepEqual(startRun(aCase({ execution: recorded, lock: bound, runs: deleted })), { type: "Done" });
  });
  it("isn't started before it is written down, or again", () => {
    assert.equal(startRun(aCase({ lock: bound, runs })), undefined);
    assert.equal(startRun(aCase({ execution: recorded, lock: bound, runs: [aPipelineRun(w, "started")] })), undefined);
  });

  const lost = {
    "is held without a run": held,
    "is bound to another run": aBoundLock(w, "uid-of-another-run"),
    "has another epoch": aBoundLock(w, "uid-of-run", { epoch: 2 }),
    "is Free": aTargetLock(),
    "is gone": undefined,
  };
  for (const [sentence, lock] of Object.entries(lost)) {
    it(`isn't started where the lock ${sentence}: after a fresh look it is taken back`, () => {
      const seen = { execution: recorded, runs, ...(lock === undefined ? {} : { lock }) };
      assert.equal(lookedAt(startRun(aCase(seen))), "lock");
      const { phase, reason } = written(startRun(aCase({ ...seen, fresh: ["lock"] })));
      assert.deepEqual([phase, reason], ["Pending", "ExternallyDeleted"]);
    });
  }
});
