import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { aHistory, aTargetLock } from "../../test/support/builders/a-target-lock.ts";
import { after, timeAfter } from "../../test/support/builders/moments.ts";
import type { WorkflowHistory } from "../api/target-lock.ts";
import { cooldownEnd, historyOf, MAX_WORKFLOWS, withOutcome, type HolderOutcome } from "./history.ts";

const POLICY = { cooldownMs: 300_000 };
const BLOCK = { namespace: "n", name: "x", uid: "u", since: timeAfter(0), reason: "PreviousExecutionFailed" };

function anOutcome(wishes: Partial<HolderOutcome> = {}): HolderOutcome {
  return {
    workflowId: "restart-deployment",
    execution: { namespace: "remediation", name: "this", uid: "uid-of-this" },
    outcome: "Success",
    effect: "Completed",
    completedAt: after(100),
    ...wishes,
  };
}

function recordAfter(effect: HolderOutcome["effect"], before?: Partial<WorkflowHistory>): WorkflowHistory | undefined {
  const workflows = before === undefined ? [] : [aHistory({ cooldownEndsAt: timeAfter(-1), ...before })];
  return withOutcome(workflows, anOutcome({ effect }), POLICY, after(101))[0];
}

describe("the cooldown after an execution", () => {
  it("runs for the configured time from the end of one that completed", () => {
    assert.equal(recordAfter("Completed")?.cooldownEndsAt, timeAfter(400));
  });
  it("runs after one of which nobody knows how it ended", () => {
    assert.equal(recordAfter("Unknown")?.cooldownEndsAt, timeAfter(400));
  });
  for (const effect of ["ExecutionFailed", "PreExecutionFailed", "NotCounted"] as const) {
    it(`doesn't begin after one that is ${effect}`, () => {
      assert.equal(recordAfter(effect)?.cooldownEndsAt, undefined);
    });
    it(`that runs already isn't shortened by one that is ${effect}`, () => {
      assert.equal(recordAfter(effect, { cooldownEndsAt: timeAfter(900) })?.cooldownEndsAt, timeAfter(900));
    });
  }
  it("that runs longer already isn't shortened by a success", () => {
    assert.equal(recordAfter("Completed", { cooldownEndsAt: timeAfter(900) })?.cooldownEndsAt, timeAfter(900));
  });
  it("is rounded against the next start", () => {
    const [record] = withOutcome([], anOutcome({ completedAt: after(100) + 1 }), POLICY, after(101));
    assert.equal(record?.cooldownEndsAt, timeAfter(401));
  });
});

describe("the count of failures before execution", () => {
  const cases: readonly (readonly [HolderOutcome["effect"], number])[] = [
    ["PreExecutionFailed", 4],
    ["Completed", 0],
    ["ExecutionFailed", 0],
    ["NotCounted", 3],
    ["Unknown", 3],
  ];
  for (const [effect, count] of cases) {
    it(`goes from 3 to ${String(count)} after one that is ${effect}`, () => {
      assert.equal(recordAfter(effect, { consecutiveFailures: 3 })?.consecutiveFailures, count);
    });
  }
  it("begins at 1", () => {
    assert.equal(recordAfter("PreExecutionFailed")?.consecutiveFailures, 1);
  });
});

describe("the record of a workflow", () => {
  it("says which execution ended when and how, and with which bundle", () => {
    const bundle = { repository: "registry.example/restart", digest: "sha256:1" };
    assert.deepEqual(withOutcome([], anOutcome({ bundle }), POLICY, after(101)), [
      {
        workflowId: "restart-deployment",
        bundle,
        lastExecution: { namespace: "remediation", name: "this", uid: "uid-of-this" },
        lastOutcome: "Success",
        completedAt: timeAfter(100),
        cooldownEndsAt: timeAfter(400),
        consecutiveFailures: 0,
      },
    ]);
  });
  it("keeps the bundle where the execution is gone", () => {
    const bundle = { repository: "registry.example/restart" };
    assert.deepEqual(recordAfter("Unknown", { bundle })?.bundle, bundle);
  });
  it("keeps its block whatever comes after", () => {
    assert.deepEqual(recordAfter("Completed", { blockedBy: BLOCK })?.blockedBy, BLOCK);
  });
});

describe("the records of other workflows", () => {
  const cases: Readonly<Record<string, readonly [Partial<WorkflowHistory>, boolean]>> = {
    "are kept while their cooldown runs": [{ cooldownEndsAt: timeAfter(102) }, true],
    "are dropped when their cooldown is over": [{ cooldownEndsAt: timeAfter(101) }, false],
    "are kept where they count failures": [{ cooldownEndsAt: timeAfter(0), consecutiveFailures: 1 }, true],
    "are kept where they are blocked": [{ cooldownEndsAt: timeAfter(0), blockedBy: BLOCK }, true],
  };
  for (const [sentence, [record, isKept]] of Object.entries(cases)) {
    it(sentence, () => {
      const next = withOutcome([aHistory({ workflowId: "other", ...record })], anOutcome(), POLICY, after(101));
      assert.equal(
        next.some(({ workflowId }) => workflowId === "other"),
        isKept,
      );
    });
  }
});

function manyRecords(count: number, wishes: Partial<WorkflowHistory>): WorkflowHistory[] {
  return Array.from({ length: count }, (_, n) =>
    aHistory({ workflowId: `w${String(n)}`, completedAt: timeAfter(-n), cooldownEndsAt: timeAfter(900), ...wishes }),
  );
}

describe("a history that is full", () => {
  it("drops the oldest harmless record", () => {
    const next = withOutcome(manyRecords(MAX_WORKFLOWS, {}), anOutcome(), POLICY, after(101));
    assert.equal(next.length, MAX_WORKFLOWS);
    assert.ok(!next.some(({ workflowId }) => workflowId === `w${String(MAX_WORKFLOWS - 1)}`));
  });
  it("of workflows that failed drops the oldest of them, or the target could never be released", () => {
    const full = manyRecords(MAX_WORKFLOWS, { consecutiveFailures: 1 });
    const next = withOutcome(full, anOutcome({ effect: "PreExecutionFailed" }), POLICY, after(101));
    assert.equal(next.length, MAX_WORKFLOWS);
    assert.ok(next.some(({ workflowId }) => workflowId === "restart-deployment"));
    assert.ok(!next.some(({ workflowId }) => workflowId === `w${String(MAX_WORKFLOWS - 1)}`));
  });

  it("never loses a block, and never grows beyond its bound where less than that are blocked", () => {
    const record = fc.record({ isBlocked: fc.boolean(), failures: fc.nat(2), age: fc.nat(1000) });
    fc.assert(
      fc.property(fc.array(record, { minLength: 250, maxLength: 256 }), (records) => {
        const workflows = records.map(({ isBlocked, failures, age }, n) =>
          aHistory({
            workflowId: `w${String(n)}`,
            completedAt: timeAfter(-age),
            cooldownEndsAt: timeAfter(900),
            consecutiveFailures: failures,
            ...(isBlocked ? { blockedBy: BLOCK } : {}),
          }),
        );
        const next = withOutcome(workflows, anOutcome(), POLICY, after(101));
        const blocked = workflows.filter(({ blockedBy }) => blockedBy !== undefined);
        assert.ok(blocked.every(({ workflowId }) => next.some((kept) => kept.workflowId === workflowId)));
        assert.ok(next.length <= MAX_WORKFLOWS);
      }),
      { numRuns: 50 },
    );
  });
});

describe("a lock's cooldown", () => {
  const lock = aTargetLock({ workflows: [aHistory({ cooldownEndsAt: timeAfter(240) })] });
  it("runs until its end, not at its end", () => {
    assert.equal(cooldownEnd(lock, "restart-deployment", after(240) - 1), after(240));
    assert.equal(cooldownEnd(lock, "restart-deployment", after(240)), undefined);
  });
  it("isn't that of another workflow", () => {
    assert.equal(cooldownEnd(lock, "another", after(0)), undefined);
  });
  it("doesn't run where there is no lock or no end", () => {
    assert.equal(cooldownEnd(undefined, "restart-deployment", after(0)), undefined);
    const { cooldownEndsAt: _end, ...record } = aHistory();
    assert.equal(cooldownEnd(aTargetLock({ workflows: [record] }), "restart-deployment", after(0)), undefined);
    assert.equal(historyOf(aTargetLock(), "restart-deployment"), undefined);
  });
});
