import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { aPolicy, aSnapshot } from "../../../test/support/builders/a-snapshot.ts";
import { aHistory, aHeldLock, aTargetLock } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import type { TargetLock } from "../../api/target-lock.ts";
import type { WorkflowExecution } from "../../api/workflow-execution.ts";
import { deepEqual } from "../deep-equal.ts";
import { nextStep } from "../next-step.ts";
import type { Step } from "../step.ts";

const policy = aPolicy();
const REASONS = ["WaitingForTarget", "WaitingForBackoff", "WaitingForCooldown", "WaitingForTurn"] as const;

interface Waiter {
  readonly uid: string;
  readonly created: number;
  readonly workflowId: string;
  readonly reason: string;
  readonly timesOutAt: number | undefined;
}

/** An execution that waits for the target: created in one of few seconds, so that many are of the same one. */
const waiters: fc.Arbitrary<Waiter> = fc.record({
  uid: fc.uuid(),
  created: fc.integer({ min: -250, max: 0 }),
  workflowId: fc.constantFrom("a", "b", "c"),
  reason: fc.constantFrom(...REASONS),
  timesOutAt: fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
});

function aWaiter({ uid, created, workflowId, reason, timesOutAt }: Waiter): WorkflowExecution {
  return aWorkflowExecution({
    metadata: { name: uid, uid, creationTimestamp: timeAfter(created) },
    workflowRef: { workflowId, containerImage: `registry.example/${workflowId}:1` },
    spec: {
      onBusy: "Wait",
      onCooldown: "Wait",
      ...(timesOutAt === undefined ? {} : { timesOutAt: timeAfter(timesOutAt) }),
    },
    status: { reason },
  });
}

const queues = fc.uniqueArray(waiters, { minLength: 1, maxLength: 8, selector: ({ uid }) => uid });

/** A lock that somebody holds, or in which some workflows cool down or back off. */
const locks = fc
  .record({
    isHeld: fc.boolean(),
    cooldown: fc.integer({ min: -10, max: 400 }),
    backoff: fc.integer({ min: -10, max: 400 }),
  })
  .map(({ isHeld, cooldown, backoff }): TargetLock => {
    const workflows = [
      aHistory({ workflowId: "a", cooldownEndsAt: timeAfter(cooldown) }),
      aHistory({ workflowId: "b", consecutiveFailures: 1, nextAllowedAt: timeAfter(backoff) }),
    ];
    return isHeld ? aHeldLock(aWorkflowExecution(), { workflows }) : aTargetLock({ workflows });
  });

function decide(w: WorkflowExecution, all: readonly WorkflowExecution[], lock: TargetLock, now: number): Step {
  const waiting = all.filter(({ metadata }) => metadata.uid !== w.metadata.uid);
  return nextStep(aSnapshot({ execution: w, lock, now, fresh: ["execution"], more: { waiting } }), policy);
}

function isTaken(step: Step): boolean {
  return step.type === "UpdateLock" || step.type === "CreateLock";
}

describe("executions that wait for the same target, whatever their order in the cache,", () => {
  it("agree on whose turn it is: exactly one of those who may start takes it", () => {
    let turns = 0;
    fc.assert(
      fc.property(queues, locks, fc.integer({ min: 1, max: 300 }), (queue, lock, seconds) => {
        const all = queue.map(aWaiter);
        const now = after(seconds);
        const takers = all.filter((w) => isTaken(decide(w, all, lock, now)));
        const again = all.filter((w) => isTaken(decide(w, all.toReversed(), lock, now)));
        assert.deepEqual(takers, again);
        assert.ok(takers.length <= 1);
        const alone = all.filter((w) => isTaken(decide(w, [w], lock, now)));
        turns += takers.length;
        assert.equal(
          takers.length,
          Math.min(1, alone.length),
          "whoever could start alone doesn't keep all from starting",
        );
        const first = alone.toSorted(byCreation)[0];
        assert.equal(
          takers[0]?.metadata.uid,
          first?.metadata.uid,
          "the first of those who could start alone goes first",
        );
      }),
    );
    assert.ok(turns > 0, "nobody ever took it: nothing was tested");
  });

  it("are written only when something changed, and never look again before a moment at which something can change", () => {
    fc.assert(
      fc.property(queues, locks, (queue, lock) => {
        const all = queue.map(aWaiter);
        const [self, ...others] = all;
        if (self !== undefined) waitOut(self, others, lock);
      }),
    );
  });
});

/** Lets one execution wait while only time passes, until it starts or ends; fails where it is written or woken too often. */
function waitOut(self: WorkflowExecution, others: readonly WorkflowExecution[], lock: TargetLock): void {
  let w = self;
  let now = after(1);
  // Its own deadline, the others', and the ends of a cooldown and a backoff are all that can change anything.
  const most = 3 * (others.length + 3);
  for (let n = 0; n < most; n += 1) {
    const step = decide(w, [w, ...others], lock, now);
    if (step.type === "Wait") {
      assert.ok(step.until > now, "it waits for the past");
      now = step.until;
    } else if (step.type === "WriteStatus" && step.execution.status?.phase === "Pending") {
      assert.ok(!deepEqual(step.execution.status, w.status), "it is written although nothing changed");
      w = step.execution;
      assert.equal(decide(w, [w, ...others], lock, now).type, "Wait", "it is written twice in a row");
    } else {
      assert.ok(isTaken(step) || step.type === "WriteStatus", `it neither starts nor ends, but wants to ${step.type}`);
      return;
    }
  }
  assert.fail(`no end after ${String(most)} steps`);
}

function byCreation(a: WorkflowExecution, b: WorkflowExecution): number {
  const [first = "", second = ""] = [a, b].map(
    ({ metadata }) => `${metadata.creationTimestamp ?? ""} ${metadata.uid ?? ""}`,
  );
  return first < second ? -1 : 1;
}
