import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aLockSnapshot, type LockSnapshotWishes } from "../../../test/support/builders/a-snapshot.ts";
import { aBlock, aHeldLock, aHistory, aTargetLock, TARGET } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { timeAfter } from "../../../test/support/builders/moments.ts";
import type { AuditEntry } from "../../api/workflow-execution.ts";
import type { TargetLock, TargetLockSpec, WorkflowHistory } from "../../api/target-lock.ts";
import { blockedWorkflows } from "../../lock/block.ts";
import { clearOnLock } from "./clear-on-lock.ts";

/** A workflow that is blocked. */
function blocked(workflowId: string, reason = "PreviousExecutionFailed"): WorkflowHistory {
  return aHistory({ workflowId, blockedBy: aBlock({ reason }), consecutiveFailures: 5, nextAllowedAt: timeAfter(600) });
}

function annotated(lock: TargetLock, text: string, clearedBy = "ann"): TargetLock {
  const annotations = {
    "example.com/team": "payments",
    "kubernaut.ai/clear-execution-block": text,
    "kubernaut.ai/cleared-by": clearedBy,
  };
  return { ...lock, metadata: { ...lock.metadata, annotations } };
}

/** The lock as it is written; undefined where nothing is. */
function clear(lock: TargetLock | undefined, wishes: LockSnapshotWishes = {}): TargetLock | undefined {
  const step = clearOnLock(aLockSnapshot({ ...wishes, ...(lock === undefined ? {} : { lock }) }));
  assert.ok(step === undefined || step.type === "UpdateLock");
  return step?.lock;
}

function clearing(text: string, workflows: readonly WorkflowHistory[], spec: Partial<TargetLockSpec> = {}) {
  return clear(annotated(aTargetLock({ workflows, ...spec }), text));
}

function blockedIn(lock: TargetLock | undefined): readonly string[] {
  return blockedWorkflows(lock?.spec.workflows).map(({ workflowId }) => workflowId);
}

describe("a block that somebody wants to be cleared on the lock", () => {
  const cleared = clearing("restart: disk replaced, token=abcdefghijklmnop", [blocked("restart"), blocked("scale")]);
  it("is lifted in the version that was seen, with its failures and its backoff; others stay", () => {
    assert.deepEqual(blockedIn(cleared), ["scale"]);
    assert.deepEqual(
      [cleared?.spec.workflows?.[0]?.consecutiveFailures, cleared?.spec.workflows?.[0]?.nextAllowedAt],
      [0, undefined],
    );
    assert.deepEqual([cleared?.metadata.resourceVersion, cleared?.spec.summary], ["50", { blocked: "scale" }]);
  });
  it("goes with the wish in the same write; other annotations stay", () => {
    assert.deepEqual(cleared?.metadata.annotations, { "example.com/team": "payments" });
  });
  it("is on record in the same write: who, why, how and what, without secrets", () => {
    assert.deepEqual(cleared?.spec.audit?.pending, [
      {
        ordinal: 1,
        type: "workflowexecution.block.cleared",
        at: timeAfter(10),
        outcome: "success",
        reason: "PreviousExecutionFailed",
        facts: {
          targetResource: TARGET,
          actor: "ann",
          clearReason: "disk replaced, token=[redacted]",
          clearMethod: "TargetLockAnnotation",
          workflowId: "restart",
          blockReason: "PreviousExecutionFailed",
          blockedSince: timeAfter(-60),
          blockedExecution: "remediation/earlier",
          blockedExecutionUid: "uid-of-earlier",
        },
      },
    ]);
  });
  it("may be one of too many failures", () => {
    assert.deepEqual(blockedIn(clearing("scale: quota raised", [blocked("scale", "ExhaustedRetries")])), []);
  });
  it("is lifted also while somebody holds the target", () => {
    const held = aHeldLock(aWorkflowExecution(), { workflows: [blocked("restart")] });
    const lock = clear(annotated(held, "restart: disk replaced"));
    assert.deepEqual([blockedIn(lock), lock?.spec.holder, lock?.spec.epoch], [[], held.spec.holder, 1]);
  });

  it("is that of the whole name before the colon, wherever colons stand", () => {
    for (const workflows of [
      [blocked("ops"), blocked("ops:restart")],
      [blocked("ops:restart"), blocked("ops")],
      [blocked("ops"), blocked("ops: restart")],
    ]) {
      const [first, second] = workflows.map(({ workflowId }) => workflowId);
      const [longer = "", shorter = ""] = [first ?? "", second ?? ""].toSorted((a, b) => b.length - a.length);
      assert.deepEqual(blockedIn(clearing(`${longer}: disk replaced`, workflows)), [shorter]);
      assert.deepEqual(blockedIn(clearing(`${shorter}: disk replaced`, workflows)), [longer]);
    }
  });

  const mistaken: readonly (readonly [sentence: string, text: string])[] = [
    ["a workflow that isn't blocked", "unknown: disk replaced"],
    ["a workflow of which only the beginning is named", "rest: disk replaced"],
    ["a workflow of which more than the name is given", "restart-all: disk replaced"],
    ["no workflow", "disk replaced"],
    ["a workflow without a reason", "restart:"],
  ];
  for (const [sentence, text] of mistaken) {
    it(`is none where the wish names ${sentence}: the wish is taken off, nothing else changes`, () => {
      const lock = aTargetLock({ workflows: [blocked("restart")] });
      const next = clear(annotated(lock, text));
      assert.deepEqual(next, {
        ...lock,
        metadata: { ...lock.metadata, annotations: { "example.com/team": "payments" } },
      });
    });
  }

  const nothing: Readonly<Record<string, TargetLock | undefined>> = {
    "where nobody asks for it": aTargetLock({ workflows: [blocked("restart")] }),
    "where nobody says who asks": annotated(aTargetLock({ workflows: [blocked("restart")] }), "restart: why", ""),
    "where the lock's record isn't understood": annotated(aTargetLock({ formatVersion: 2 }), "restart: why"),
    "where there is no lock": undefined,
  };
  for (const [sentence, lock] of Object.entries(nothing)) {
    it(`is no matter of this rule ${sentence}`, () => {
      assert.equal(clear(lock), undefined);
    });
  }
});

describe("the outbox of a lock", () => {
  function entry(ordinal: number): AuditEntry {
    return { ordinal, type: "workflowexecution.block.cleared", at: timeAfter(0), outcome: "success" };
  }
  function ordinalsIn(lock: TargetLock | undefined): readonly number[] {
    return (lock?.spec.audit?.pending ?? []).map(({ ordinal }) => ordinal);
  }
  const workflows = [blocked("restart")];

  it("gets one more event after those that wait in it", () => {
    const pending = Array.from({ length: 7 }, (_, n) => entry(n + 3));
    assert.deepEqual(ordinalsIn(clearing("restart: why", workflows, { audit: { pending } })).slice(-2), [9, 10]);
  });
  it("goes on with the numbers, and forgets what is committed in the same write", () => {
    const audit = { pending: [entry(4)], acked: { ordinal: 3, at: timeAfter(0) } };
    const lock = annotated(aTargetLock({ workflows, audit }), "restart: why");
    const next = clear(lock, { receipt: { ordinal: 4, at: timeAfter(9), seq: 7, hash: "h" } });
    assert.deepEqual(ordinalsIn(next), [5]);
    assert.deepEqual([next?.spec.audit?.acked?.ordinal, next?.spec.audit?.seq], [4, 7]);
  });
  it("that is full makes the wish wait: no event is ever lost", () => {
    const pending = Array.from({ length: 8 }, (_, n) => entry(n + 1));
    assert.equal(clearing("restart: why", workflows, { audit: { pending } }), undefined);
  });
});
