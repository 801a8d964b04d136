import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { aBlock, aHistory, aTargetLock } from "../../test/support/builders/a-target-lock.ts";
import { after, timeAfter } from "../../test/support/builders/moments.ts";
import type { WorkflowHistory } from "../api/target-lock.ts";
import {
  backoffEnd,
  cooldownEnd,
  historyOf,
  isFullOfBlocks,
  MAX_WORKFLOWS,
  nextAllowedAt,
  stillMatters,
  withOutcome,
  type HolderOutcome,
} from "./history.ts";

const POLICY = { cooldownMs: 300_000, backoffBaseMs: 60_000, backoffMaxMs: 600_000, maxConsecutiveFailures: 5 };
const BLOCK = aBlock();

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

describe("the backoff after an execution", () => {
  const ends: readonly (readonly [before: number, seconds: number])[] = [
    [0, 60],
    [1, 120],
    [2, 240],
    [3, 480],
    [4, 600],
  ];
  for (const [failures, seconds] of ends) {
    it(`is ${String(seconds)} seconds from the end of one that failed before it ran, after ${String(failures)} others`, () => {
      const record = recordAfter("PreExecutionFailed", { consecutiveFailures: failures });
      assert.equal(record?.nextAllowedAt, timeAfter(100 + seconds));
    });
  }
  for (const effect of ["Completed", "ExecutionFailed"] as const) {
    it(`ends with one that is ${effect}`, () => {
      const record = recordAfter(effect, { consecutiveFailures: 3, nextAllowedAt: timeAfter(900) });
      assert.equal(record?.nextAllowedAt, undefined);
    });
  }
  for (const effect of ["NotCounted", "Unknown"] as const) {
    it(`goes on after one that is ${effect}`, () => {
      const record = recordAfter(effect, { consecutiveFailures: 3, nextAllowedAt: timeAfter(900) });
      assert.equal(record?.nextAllowedAt, timeAfter(900));
      assert.equal(recordAfter(effect, { consecutiveFailures: 3 })?.nextAllowedAt, undefined);
    });
  }
  it("is rounded against the next attempt", () => {
    assert.equal(nextAllowedAt(1, after(100) + 1, POLICY), timeAfter(161));
  });
});

describe("the block after an execution", () => {
  it("names the execution that ran and failed, from its end", () => {
    const blockedBy = { namespace: "remediation", name: "this", uid: "uid-of-this", since: timeAfter(100) };
    assert.deepEqual(recordAfter("ExecutionFailed")?.blockedBy, { ...blockedBy, reason: "PreviousExecutionFailed" });
    const last = recordAfter("PreExecutionFailed", { consecutiveFailures: 4 });
    assert.deepEqual(last?.blockedBy, { ...blockedBy, reason: "ExhaustedRetries" });
  });
  it("comes with the last failure that is allowed, not before", () => {
    assert.equal(recordAfter("PreExecutionFailed", { consecutiveFailures: 3 })?.blockedBy, undefined);
    const strict = { ...POLICY, maxConsecutiveFailures: 1 };
    const [record] = withOutcome([], anOutcome({ effect: "PreExecutionFailed" }), strict, after(101));
    assert.equal(record?.blockedBy?.reason, "ExhaustedRetries");
  });
  for (const effect of ["Completed", "NotCounted", "Unknown"] as const) {
    it(`doesn't come with one that is ${effect}, however often it failed before`, () => {
      assert.equal(recordAfter(effect, { consecutiveFailures: 9 })?.blockedBy, undefined);
    });
  }
  it("is that of the first failure, whatever comes after", () => {
    for (const effect of ["Completed", "ExecutionFailed", "PreExecutionFailed", "NotCounted", "Unknown"] as const) {
      assert.deepEqual(recordAfter(effect, { consecutiveFailures: 9, blockedBy: BLOCK })?.blockedBy, BLOCK);
    }
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
  it("counts an execution once, also where its lock is released again", () => {
    for (const effect of ["PreExecutionFailed", "ExecutionFailed", "Completed", "Unknown"] as const) {
      const once = withOutcome([], anOutcome({ effect }), POLICY, after(101));
      const again = anOutcome({ effect: "PreExecutionFailed", completedAt: after(500) });
      assert.deepEqual(withOutcome(once, again, POLICY, after(501)), once);
    }
  });
  it("keeps the bundle where the execution is gone", () => {
    const bundle = { repository: "registry.example/restart" };
    assert.deepEqual(recordAfter("Unknown", { bundle })?.bundle, bundle);
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

describe("a record of the past", () => {
  const record = aHistory({ cooldownEndsAt: timeAfter(240) });
  it("matters until its cooldown is over", () => {
    assert.ok(stillMatters(record, after(240) - 1));
    assert.ok(!stillMatters(record, after(240)));
    const { cooldownEndsAt: _end, ...without } = record;
    assert.ok(!stillMatters(without, after(0)));
  });
  it("matters for ever while failures are counted or a block stands", () => {
    assert.ok(stillMatters({ ...record, consecutiveFailures: 1 }, Infinity));
    assert.ok(stillMatters({ ...record, blockedBy: BLOCK }, Infinity));
  });
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

describe("a target on which everything is blocked", () => {
  const full = manyRecords(MAX_WORKFLOWS, { blockedBy: BLOCK });
  it("has no room for a workflow that it doesn't know", () => {
    assert.ok(isFullOfBlocks(aTargetLock({ workflows: full }), "another"));
    assert.ok(!isFullOfBlocks(aTargetLock({ workflows: full }), "w3"));
  });
  it("has room as long as one more record fits, or one can be dropped", () => {
    assert.ok(!isFullOfBlocks(aTargetLock({ workflows: full.slice(1) }), "another"));
    const last = aHistory({ workflowId: "harmless" });
    assert.ok(!isFullOfBlocks(aTargetLock({ workflows: [...full.slice(1), last] }), "another"));
    assert.ok(!isFullOfBlocks(aTargetLock(), "another"));
  });
});

describe("a lock's backoff", () => {
  const lock = aTargetLock({ workflows: [aHistory({ nextAllowedAt: timeAfter(240) })] });
  it("runs until its end, not at its end", () => {
    assert.equal(backoffEnd(lock, "restart-deployment", after(240) - 1), after(240));
    assert.equal(backoffEnd(lock, "restart-deployment", after(240)), undefined);
  });
  it("isn't that of another workflow, nor the cooldown", () => {
    assert.equal(backoffEnd(lock, "another", after(0)), undefined);
    assert.equal(backoffEnd(aTargetLock({ workflows: [aHistory()] }), "restart-deployment", after(0)), undefined);
    assert.equal(backoffEnd(undefined, "restart-deployment", after(0)), undefined);
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
