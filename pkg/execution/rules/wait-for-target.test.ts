import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aCase, type SnapshotWishes } from "../../../test/support/builders/a-snapshot.ts";
import { aBlock, aHeldLock, aHistory, aTargetLock, TARGET } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution, type ExecutionWishes } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, written } from "../../../test/support/builders/written.ts";
import type { TargetLock } from "../../api/target-lock.ts";
import type { SkipDetails, WorkflowExecution, WorkflowExecutionStatus } from "../../api/workflow-execution.ts";
import { conditionOf } from "../conditions.ts";
import type { Obstacle } from "./target-obstacle.ts";
import { isWaitingReason } from "../waiting.ts";
import { isWaitedFor, waiterAhead, waitFor, waitForTurn } from "./wait-for-target.ts";

const details: SkipDetails = { reason: "ResourceBusy", message: "it is held by n/x", skippedAt: timeAfter(10) };
const busy = { kind: "busy", details } as const;
const backoff = { kind: "backoff", details, until: after(60) - 1 } as const;
const cooldown = { kind: "cooldown", details, until: after(60) - 1 } as const;
const blocked = { kind: "blocked", details } as const;

/** Another execution that waits for the target, created that many seconds after aWorkflowExecution. */
function aWaiter(seconds: number, uid: string, wishes: ExecutionWishes = {}): WorkflowExecution {
  return aWorkflowExecution({
    ...wishes,
    metadata: { name: uid, uid, creationTimestamp: timeAfter(seconds), ...wishes.metadata },
    workflowRef: { workflowId: `workflow-of-${uid}`, ...wishes.workflowRef },
    status: { reason: "WaitingForTarget", ...wishes.status },
  });
}

function ahead(waiting: readonly WorkflowExecution[], lock = aTargetLock(), wishes: SnapshotWishes = {}): unknown {
  const c = aCase({ lock, ...wishes, more: { waiting } });
  return waiterAhead(c, { target: TARGET, lock, now: c.s.now })?.metadata.uid;
}

describe("an execution", () => {
  const wishes: readonly (readonly [Obstacle, onBusy: boolean, onCooldown: boolean])[] = [
    [busy, true, false],
    [backoff, true, false],
    [cooldown, false, true],
    [blocked, false, false],
  ];
  for (const [obstacle, onBusy, onCooldown] of wishes) {
    it(`that finds its target ${obstacle.kind} waits only if it was asked to`, () => {
      assert.equal(isWaitedFor(aWorkflowExecution({ spec: { onBusy: "Wait" } }), obstacle), onBusy);
      assert.equal(isWaitedFor(aWorkflowExecution({ spec: { onCooldown: "Wait" } }), obstacle), onCooldown);
      assert.equal(isWaitedFor(aWorkflowExecution(), obstacle), false);
      assert.equal(isWaitedFor(aWorkflowExecution({ spec: { onBusy: "Skip", onCooldown: "Skip" } }), obstacle), false);
    });
  }
});

describe("an execution that waits", () => {
  const step = waitFor(aCase(), busy);
  const status = written(step);
  it("stays Pending, and says for what, at which place, and how long at most", () => {
    const message = `position 1, until ${timeAfter(300)} at the latest: it is held by n/x`;
    assert.deepEqual([status.phase, status.reason, status.message], ["Pending", "WaitingForTarget", message]);
    const condition = conditionOf(status, "ResourceLocked");
    assert.deepEqual(
      [condition?.status, condition?.reason, condition?.message],
      ["False", "WaitingForTarget", message],
    );
    assert.deepEqual([status.retry, status.completionTime, eventsIn(step)], [undefined, undefined, []]);
  });
  it("says so once, then waits until it is too late: the watch tells of the release", () => {
    const execution = aWorkflowExecution({ status });
    for (const now of [after(11), after(299)]) {
      assert.deepEqual(waitFor(aCase({ execution, now }), busy), { type: "Wait", until: after(300) });
    }
  });

  const times: readonly (readonly [Exclude<Obstacle, { kind: "blocked" | "busy" }>, reason: string])[] = [
    [backoff, "WaitingForBackoff"],
    [cooldown, "WaitingForCooldown"],
  ];
  for (const [obstacle, reason] of times) {
    it(`for the end of a ${obstacle.kind} wakes up at that very moment`, () => {
      const first = written(waitFor(aCase(), obstacle));
      assert.equal(first.reason, reason);
      assert.match(first.message ?? "", new RegExp(`: earliest start ${timeAfter(60)}, when the ${obstacle.kind} of`));
      const execution = aWorkflowExecution({ status: first });
      assert.deepEqual(waitFor(aCase({ execution, now: after(50) }), obstacle), { type: "Wait", until: after(60) - 1 });
    });
    it(`for a ${obstacle.kind} that is longer than its patience wakes up to end`, () => {
      const long = { ...obstacle, until: after(900) };
      const execution = aWorkflowExecution({ status: written(waitFor(aCase(), long)) });
      assert.deepEqual(waitFor(aCase({ execution }), long), { type: "Wait", until: after(300) });
    });
  }
  it("for its turn names who goes first, and looks again when that one can't start any more", () => {
    const first = aWaiter(-100, "first");
    const c = aCase({ more: { waiting: [first] } });
    const waiting = written(waitForTurn(c, first));
    assert.equal(waiting.reason, "WaitingForTurn");
    assert.match(waiting.message ?? "", /^position 2, .*: the target is free, and execution remediation\/first has/);
    const execution = aWorkflowExecution({ status: waiting });
    assert.deepEqual(waitForTurn(aCase({ execution, more: { waiting: [first] } }), first), {
      type: "Wait",
      until: after(200),
    });
  });
  it("is known by its reason", () => {
    for (const reason of ["WaitingForTarget", "WaitingForBackoff", "WaitingForCooldown", "WaitingForTurn"]) {
      assert.ok(isWaitingReason(reason));
    }
    for (const reason of [undefined, "", "QuotaExceeded", "Starting", "WaitingForPods"]) {
      assert.ok(!isWaitingReason(reason));
    }
  });
});

describe("whose turn it is", () => {
  it("is decided by the creation, then by the uid", () => {
    const later = aWaiter(1, "a-later");
    assert.equal(ahead([later]), undefined);
    assert.equal(ahead([later, aWaiter(-1, "early"), aWaiter(-2, "earliest")]), "earliest");
    const w = aWorkflowExecution().metadata.uid ?? "";
    assert.equal(ahead([aWaiter(0, `${w}-2`)]), undefined, "a greater uid of the same second comes after");
    assert.equal(ahead([aWaiter(0, "uid-of-r")]), "uid-of-r", "a smaller uid of the same second comes before");
  });

  const outOfTheWay: Readonly<Record<string, ExecutionWishes>> = {
    "doesn't wait: it is only just there": { status: { reason: "" } },
    "waits for something else": { status: { reason: "QuotaExceeded" } },
    "has its run by now": { status: { executionRef: { namespace: "n", name: "r", uid: "u" } } },
    "has ended": { status: { phase: "Failed" } },
    "is being deleted": { metadata: { deletionTimestamp: timeAfter(9) } },
    "can't start in time any more": { spec: { timesOutAt: timeAfter(10) } },
  };
  for (const [sentence, wishes] of Object.entries(outOfTheWay)) {
    it(`isn't that of an earlier one that ${sentence}`, () => {
      assert.equal(ahead([aWaiter(-1, "earlier", wishes)]), undefined);
    });
  }
  it("is an earlier one's until the moment at which that can't start any more", () => {
    const earlier = aWaiter(-1, "earlier", { spec: { timesOutAt: timeAfter(20) } });
    assert.equal(ahead([earlier], aTargetLock(), { now: after(20) - 1 }), "earlier");
    assert.equal(ahead([earlier], aTargetLock(), { now: after(20) }), undefined);
  });

  const remembered: Readonly<Record<string, TargetLock>> = {
    "in its cooldown": aTargetLock({ workflows: [aHistory({ workflowId: "workflow-of-first" })] }),
    "in its backoff": aTargetLock({
      workflows: [aHistory({ workflowId: "workflow-of-first", consecutiveFailures: 1, nextAllowedAt: timeAfter(60) })],
    }),
    "that is blocked": aTargetLock({ workflows: [aHistory({ workflowId: "workflow-of-first", blockedBy: aBlock() })] }),
  };
  for (const [sentence, lock] of Object.entries(remembered)) {
    it(`passes on to the next one over an earlier one ${sentence}`, () => {
      assert.equal(ahead([aWaiter(-2, "first")], lock), undefined);
      assert.equal(ahead([aWaiter(-2, "first"), aWaiter(-1, "second")], lock), "second");
    });
  }
  it("is nobody's while somebody holds the target", () => {
    assert.equal(ahead([aWaiter(-1, "earlier")], aHeldLock(aWaiter(-3, "holder"))), undefined);
  });

  it("is shown as a place among those who wait, whether they could start now or not", () => {
    function placeOf(status: WorkflowExecutionStatus): string | undefined {
      return /^position (\d+)/.exec(status.message ?? "")?.[1];
    }
    const cooling = aWaiter(-2, "cooling", { status: { reason: "WaitingForCooldown" } });
    const waiting = [
      aWaiter(5, "later"),
      cooling,
      aWaiter(-1, "earlier"),
      aWaiter(-1, "ended", { status: { phase: "Failed" } }),
    ];
    assert.equal(placeOf(written(waitFor(aCase({ more: { waiting } }), busy))), "3");
  });
});
