import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../test/support/builders/a-pipeline-run.ts";
import { aLockSnapshot, aPolicy, aSnapshot } from "../../test/support/builders/a-snapshot.ts";
import { aBoundLock, aHeldLock, aTargetLock } from "../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { after } from "../../test/support/builders/moments.ts";
import { lookedAt } from "../../test/support/builders/written.ts";
import { absorb } from "./absorb.ts";
import { nextStep } from "./next-step.ts";
import type { Looked, RefusalKind, Result } from "./result.ts";
import type { Snapshot } from "./snapshot.ts";
import type { LookObject, Step } from "./step.ts";

const w = aWorkflowExecution();
const run = aPipelineRun(w, "pending");
const exact = { namespace: "n", name: "r", uid: "u", resourceVersion: "1" };

const STEPS: Readonly<Record<string, Step>> = {
  addFinalizer: { type: "AddFinalizer", execution: w },
  removeFinalizer: { type: "RemoveFinalizer", execution: w },
  writeStatus: { type: "WriteStatus", execution: w },
  createLock: { type: "CreateLock", lock: aTargetLock() },
  updateLock: { type: "UpdateLock", lock: aTargetLock() },
  deleteLock: { type: "DeleteLock", lock: exact },
  createRun: { type: "CreateRun", run },
  startRun: { type: "StartRun", run: exact },
  cancelRun: { type: "CancelRun", run: exact, mode: "Cancelled", annotations: {} },
  cancelTaskRun: { type: "CancelTaskRun", taskRun: exact },
  readLog: { type: "ReadLog", pod: exact, container: "step-main" },
  deleteRun: { type: "DeleteRun", run: exact },
  deletePod: { type: "DeletePod", pod: exact },
  look: { type: "Look", object: "lock", at: { by: "name", name: "l" } },
  review: { type: "ReviewAccess", namespace: "n" },
};

function stepOf(name: string): Step {
  return STEPS[name] ?? { type: "Done" };
}

function snapshotAfter(s: Snapshot, step: string, result: Result): Snapshot {
  const absorbed = absorb(s, stepOf(step), result);
  assert.equal(absorbed.type, "continue");
  return absorbed.snapshot;
}

function refused(kind: RefusalKind, message: string = kind, retryAfterMs?: number): Result {
  const refusal = { kind, message };
  return { type: "refused", refusal: retryAfterMs === undefined ? refusal : { ...refusal, retryAfterMs } };
}

function looked(value: Looked): Result {
  return { type: "looked", looked: value };
}

describe("what a look found", () => {
  const found: readonly Looked[] = [
    { object: "runs", value: [run] },
    { object: "taskRuns", value: [] },
    { object: "customRuns", value: [] },
    { object: "pods", value: [] },
    { object: "kinds", value: { kinds: [], complete: true } },
    { object: "execution", value: undefined },
    { object: "lock", name: "target-x", value: undefined },
  ];
  for (const one of found) {
    it(`is fresh from then on: ${one.object}`, () => {
      const s = snapshotAfter(aSnapshot(), "look", looked(one));
      assert.deepEqual(s[one.object], { value: one.value, freshness: "fresh" });
    });
    it(`is no longer doubtful: ${one.object}`, () => {
      const s = snapshotAfter(aSnapshot({ doubtful: [one.object] }), "look", looked(one));
      assert.deepEqual(s[one.object], { value: one.value, freshness: "fresh" });
    });
  }
  it("is a lock with its name, even where there is none", () => {
    assert.equal(
      snapshotAfter(aSnapshot(), "look", looked({ object: "lock", name: "target-x", value: undefined })).lockName,
      "target-x",
    );
  });
  it("is another execution of the same name: everything is forgotten", () => {
    const value = aWorkflowExecution({ metadata: { uid: "uid-of-namesake" } });
    const absorbed = absorb(aSnapshot(), stepOf("look"), looked({ object: "execution", value }));
    assert.deepEqual(absorbed, { type: "retry", message: "execution restart-checkout was made anew" });
  });
});

describe("a look at a lock that another execution holds by now", () => {
  const ended = aWorkflowExecution({ status: { phase: "Completed", outcome: "Success" } });
  const next = aWorkflowExecution({ metadata: { name: "next", uid: "uid-of-next" }, status: { phase: "Running" } });
  const lock = aBoundLock(next, "uid-of-next-run", { epoch: 2 });
  const old = aLockSnapshot({
    execution: ended,
    lock: aBoundLock(ended),
    runs: [run],
    fresh: "all",
    doubtful: ["lock"],
  });
  const s = snapshotAfter(old, "look", looked({ object: "lock", name: lock.metadata.name, value: lock }));

  it("says nothing about that execution and its run: what was read was the former holder's", () => {
    assert.deepEqual(s.execution, { value: undefined, freshness: "cached" });
    for (const object of ["runs", "taskRuns", "customRuns", "pods"] as const) {
      assert.deepEqual(s[object], { value: [], freshness: "cached" });
    }
  });
  it("never leads to the release of its lock", () => {
    assert.equal(lookedAt(nextStep(s, aPolicy())), "execution");
    const known = snapshotAfter(s, "look", looked({ object: "execution", value: next }));
    assert.deepEqual(nextStep(known, aPolicy()), { type: "Done" });
  });
  it("keeps what was read where the holder is the same", () => {
    const again = snapshotAfter(
      old,
      "look",
      looked({ object: "lock", name: lock.metadata.name, value: aBoundLock(ended) }),
    );
    assert.deepEqual(again.runs, { value: [run], freshness: "fresh" });
  });
});

describe("what a write returned", () => {
  it("replaces the execution, and is remembered as the last write of the status", () => {
    const execution = aWorkflowExecution({ metadata: { resourceVersion: "101" } });
    const s = snapshotAfter(aSnapshot(), "writeStatus", { type: "wroteExecution", execution });
    assert.deepEqual(s.execution, { value: execution, freshness: "fresh" });
    assert.equal(s.kind === "execution" && s.statusWrittenAt, after(10));
  });
  it("replaces the lock", () => {
    const lock = aHeldLock(w);
    const s = snapshotAfter(aSnapshot(), "createLock", { type: "wroteLock", lock });
    assert.deepEqual(s.lock, { value: lock, freshness: "fresh" });
    assert.equal(s.lockName, lock.metadata.name);
  });
  it("replaces the run of that uid, and only that", () => {
    const second = aPipelineRun(w, "running", { metadata: { uid: "uid-of-second" } });
    const started = aPipelineRun(w, "started");
    const s = snapshotAfter(aSnapshot({ runs: [run, second] }), "startRun", { type: "wroteRun", run: started });
    assert.deepEqual(s.runs, { value: [second, started], freshness: "cached" });
  });
  it("is nothing where the effect shows itself later", () => {
    for (const step of ["deleteRun", "deletePod", "deleteLock", "cancelTaskRun"]) {
      assert.deepEqual(absorb(aSnapshot(), stepOf(step), { type: "accepted" }), { type: "settled" });
    }
  });
});

describe("a deletion of the own run that was accepted", () => {
  const deletion: Step = { type: "DeleteRun", run: { ...exact, uid: "uid-of-run" } };
  function accepted(s: Snapshot): ReturnType<typeof absorb> {
    return absorb(s, deletion, { type: "accepted" });
  }
  it("proves that it was never started, if it was Pending in that very version", () => {
    const absorbed = accepted(aSnapshot({ runs: [run], fresh: "all" }));
    assert.ok(absorbed.type === "continue" && absorbed.snapshot.kind === "execution");
    assert.equal(absorbed.snapshot.neverStarted, "uid-of-run");
    assert.equal(absorbed.snapshot.pods.freshness, "cached", "what was read was read for that deletion");
  });
  const proveNothing: Readonly<Record<string, Snapshot>> = {
    "it was started": aSnapshot({ runs: [aPipelineRun(w, "started")] }),
    "only another run was Pending": aSnapshot({
      runs: [aPipelineRun(w, "pending", { metadata: { uid: "uid-of-second" } }), aPipelineRun(w, "running")],
    }),
    "the lock's key has swept it": aLockSnapshot({ runs: [run], pendingRuns: [run] }),
  };
  for (const [sentence, s] of Object.entries(proveNothing)) {
    it(`proves nothing where ${sentence}`, () => {
      assert.deepEqual(accepted(s), { type: "settled" });
    });
  }
});

describe("a write that was refused because the world had moved", () => {
  const objects: Readonly<Record<string, LookObject>> = {
    addFinalizer: "execution",
    removeFinalizer: "execution",
    writeStatus: "execution",
    createLock: "lock",
    updateLock: "lock",
    deleteLock: "lock",
    createRun: "runs",
    startRun: "runs",
    cancelRun: "runs",
    deleteRun: "runs",
    deletePod: "pods",
  };
  for (const [step, object] of Object.entries(objects)) {
    for (const kind of ["conflict", "notFound", "exists"] as const) {
      it(`makes its object doubtful (${step}: ${kind})`, () => {
        const s = snapshotAfter(aSnapshot({ fresh: "all" }), step, refused(kind));
        assert.equal(s[object].freshness, "doubtful");
        assert.equal(s.surprises, 1);
      });
    }
  }
});

describe("a request whose outcome is unknown", () => {
  // A log that can't be read and a run that isn't created are other matters: see there.
  for (const step of Object.keys(STEPS).filter((name) => !["readLog", "createRun"].includes(name))) {
    it(`is tried again later, and never a failure (${step})`, () => {
      assert.deepEqual(absorb(aSnapshot(), stepOf(step), refused("unknown", "timeout")), {
        type: "retry",
        message: "timeout",
      });
    });
  }
  it("is tried again when the server says", () => {
    const absorbed = absorb(aSnapshot(), stepOf("startRun"), refused("unknown", "429", 7000));
    assert.deepEqual(absorbed, { type: "retry", message: "429", retryAfterMs: 7000 });
  });
});

describe("a creation of the run that was refused", () => {
  it("for good is a fact, from which a failure is made", () => {
    const s = snapshotAfter(aSnapshot(), "createRun", refused("rejected", "invalid"));
    assert.deepEqual(s.kind === "execution" && s.rejection, { reason: "ConfigurationError", message: "invalid" });
  });
  it("for lack of quota, where Tekton isn't installed, or for reasons that may pass, is trouble: it is shown", () => {
    for (const [kind, reason] of [
      ["quota", "QuotaExceeded"],
      ["missing", "NotInstalled"],
      ["unknown", "RunNotCreated"],
    ] as const) {
      const s = snapshotAfter(aSnapshot(), "createRun", refused(kind, "no"));
      assert.deepEqual(s.kind === "execution" && s.trouble, { reason, message: "no" });
    }
  });
  it("with the wish to come back later is tried again then", () => {
    const absorbed = absorb(aSnapshot(), stepOf("createRun"), refused("unknown", "429", 7000));
    assert.deepEqual(absorbed, { type: "retry", message: "429", retryAfterMs: 7000 });
  });
  const forbidden = snapshotAfter(aSnapshot(), "createRun", refused("forbidden", "no"));
  it("as forbidden is asked about", () => {
    assert.equal(nextStep(forbidden, aPolicy()).type, "ReviewAccess");
  });
  it("although we are allowed to is somebody's rule: it fails", () => {
    const s = snapshotAfter(forbidden, "review", { type: "reviewed", allowed: true });
    assert.deepEqual(s.kind === "execution" && [s.rejection?.reason, s.forbidden], ["Forbidden", undefined]);
  });
  it("because we aren't allowed to is our own trouble: it doesn't fail", () => {
    const s = snapshotAfter(forbidden, "review", { type: "reviewed", allowed: false });
    assert.deepEqual(s.kind === "execution" && [s.trouble?.reason, s.rejection], ["ControllerNotAllowed", undefined]);
  });
  it("is only that of an execution: other requests are tried again", () => {
    assert.equal(absorb(aSnapshot(), stepOf("writeStatus"), refused("rejected")).type, "retry");
    assert.equal(absorb(aLockSnapshot(), stepOf("updateLock"), refused("forbidden")).type, "retry");
  });
});

describe("what was read for one decision", () => {
  const fresh = aSnapshot({ execution: w, lock: aBoundLock(w), runs: [run], fresh: "all" });
  function others(s: Snapshot): readonly string[] {
    return [s.taskRuns.freshness, s.customRuns.freshness, s.pods.freshness];
  }
  const answers: readonly (readonly [string, string, Result])[] = [
    ["a written execution", "writeStatus", { type: "wroteExecution", execution: w }],
    ["a written lock", "updateLock", { type: "wroteLock", lock: aBoundLock(w) }],
    ["a written run", "startRun", { type: "wroteRun", run }],
    ["a refused write", "writeStatus", refused("conflict")],
  ];
  for (const [sentence, step, result] of answers) {
    it(`isn't good for the next one after ${sentence}: the request took its time`, () => {
      assert.deepEqual(others(snapshotAfter(fresh, step, result)), ["cached", "cached", "cached"]);
    });
  }
  it("isn't good any more of an execution when its lock is read after it: both may have moved on", () => {
    const s = snapshotAfter(fresh, "look", looked({ object: "lock", name: "target-x", value: aTargetLock() }));
    assert.deepEqual([s.lock.freshness, s.execution.freshness], ["fresh", "cached"]);
  });
  it("stays good while more is read for the same one", () => {
    const more = snapshotAfter(fresh, "look", looked({ object: "runs", value: [run] }));
    assert.deepEqual(others(more), ["fresh", "fresh", "fresh"]);
  });
  it("doesn't withdraw an execution that another controller has led to its start", () => {
    // Its skip was refused: meanwhile the lock that was read for it had become its own.
    const busy = aSnapshot({
      execution: w,
      lock: aBoundLock(aWorkflowExecution({ metadata: { uid: "first" } })),
      fresh: "all",
    });
    const refusedSkip = snapshotAfter(busy, "writeStatus", refused("conflict"));
    const executionRef = { namespace: "kubernaut-workflows", name: run.metadata.name, uid: run.metadata.uid ?? "" };
    const bound = aWorkflowExecution({ status: { phase: "Pending", executionRef } });
    const again = snapshotAfter(refusedSkip, "look", looked({ object: "execution", value: bound }));
    const seen: Snapshot = { ...again, runs: { value: [run], freshness: "cached" } };
    assert.equal(lookedAt(nextStep(seen, aPolicy())), "lock");
  });
});
