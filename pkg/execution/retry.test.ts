import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { aCase, aLockSnapshot, aPolicy } from "../../test/support/builders/a-snapshot.ts";
import { aHeldLock, aHistory, aTargetLock } from "../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../test/support/builders/moments.ts";
import { written } from "../../test/support/builders/written.ts";
import type { TargetLock, WorkflowHistory } from "../api/target-lock.ts";
import type { FailureDetails, Retry, SkipDetails } from "../api/workflow-execution.ts";
import type { FailureReason } from "../tekton/failure-reason.ts";
import { preExecutionFailure } from "../tekton/pre-execution-failure.ts";
import { release } from "./lock-rules/release.ts";
import { retryAfterFailure, retryAfterSkip } from "./retry.ts";
import { failBeforeRun } from "./rules/fail-before-run.ts";
import type { Obstacle } from "./rules/target-obstacle.ts";

const w = aWorkflowExecution();
const details: SkipDetails = { reason: "X", message: "", skippedAt: timeAfter(10) };

/** The lock of a workflow that failed that often in a row before it ran, held by the execution. */
function heldAfter(failures: number): TargetLock {
  return aHeldLock(w, { workflows: [aHistory({ consecutiveFailures: failures, nextAllowedAt: timeAfter(9) })] });
}

function refused(reason: FailureReason): FailureDetails {
  const request = { workflowId: "w", version: "1", targetResource: "a/pod/b", decidedAt: timeAfter(10) };
  return preExecutionFailure({ reason, message: "no" }, request);
}

function failed(reason: FailureReason, lock?: TargetLock): ReturnType<typeof retryAfterFailure> {
  return retryAfterFailure(aCase(lock === undefined ? {} : { lock }), refused(reason));
}

describe("another attempt after a skip", () => {
  const cases: readonly (readonly [Obstacle, Retry])[] = [
    [{ kind: "busy", details }, { disposition: "WhenReleased" }],
    [{ kind: "blocked", details }, { disposition: "WhenCleared" }],
    [
      { kind: "backoff", details, until: after(60) - 1 },
      { disposition: "After", after: timeAfter(60) },
    ],
    [
      { kind: "cooldown", details, until: after(60) },
      { disposition: "After", after: timeAfter(60) },
    ],
  ];
  for (const [obstacle, retry] of cases) {
    it(`is possible ${retry.disposition} where the target is ${obstacle.kind}`, () => {
      assert.deepEqual(retryAfterSkip(w, aTargetLock(), obstacle), { retry });
    });
  }
  const busy: Obstacle = { kind: "busy", details };
  it("comes with the failures so far, and with their backoff", () => {
    const { consecutiveFailures, nextAllowedExecution } = retryAfterSkip(w, heldAfter(2), busy);
    assert.deepEqual([consecutiveFailures, nextAllowedExecution], [2, timeAfter(9)]);
    const bare = aTargetLock({ workflows: [aHistory({ consecutiveFailures: 1 })] });
    assert.ok(!("nextAllowedExecution" in retryAfterSkip(w, bare, busy)));
  });
  it("says nothing of failures where the lock's record isn't understood, whatever is in it", () => {
    const newer = aTargetLock({ formatVersion: 2, workflows: { byName: {} } as unknown as readonly WorkflowHistory[] });
    assert.deepEqual(retryAfterSkip(w, newer, busy), { retry: { disposition: "WhenReleased" } });
  });
  it("says nothing of failures where there are none, or only another workflow's", () => {
    const other = aTargetLock({ workflows: [aHistory({ workflowId: "other", consecutiveFailures: 3 })] });
    for (const lock of [undefined, aTargetLock(), aTargetLock({ workflows: [aHistory()] }), other]) {
      assert.deepEqual(Object.keys(retryAfterSkip(w, lock, busy)), ["retry"]);
    }
  });
});

describe("another attempt after a failure", () => {
  it("needs a clearing where a step had started", () => {
    const executed = { ...refused("TaskFailed"), wasExecutionFailure: true };
    assert.deepEqual(retryAfterFailure(aCase({ lock: heldAfter(2) }), executed), {
      retry: { disposition: "WhenCleared" },
    });
  });
  it("is possible after the backoff where it can help, with the count that the lock will have", () => {
    assert.deepEqual(failed("ResourceExhausted", heldAfter(2)), {
      retry: { disposition: "After", after: timeAfter(251) },
      consecutiveFailures: 3,
      nextAllowedExecution: timeAfter(251),
    });
  });
  it("is counted also where the same would fail again", () => {
    assert.deepEqual(failed("ConfigurationError", aHeldLock(w)), {
      retry: { disposition: "Never" },
      consecutiveFailures: 1,
      nextAllowedExecution: timeAfter(71),
    });
  });
  it("needs a clearing after too many failures in a row, whatever they were", () => {
    for (const reason of ["ResourceExhausted", "ConfigurationError"] as const) {
      const { retry, consecutiveFailures } = failed(reason, heldAfter(4));
      assert.deepEqual([retry, consecutiveFailures], [{ disposition: "WhenCleared" }, 5]);
    }
    assert.equal(failed("ResourceExhausted", heldAfter(3)).retry?.disposition, "After");
  });

  const uncounted: readonly (readonly [FailureReason, Retry["disposition"]])[] = [
    ["DeadlineExceeded", "Now"],
    ["Cancelled", "Never"],
    ["ExternallyDeleted", "Never"],
    ["UnsupportedCluster", "Never"],
    ["UnsupportedEngine", "Never"],
    ["UnsupportedFeature", "Never"],
  ];
  for (const [reason, disposition] of uncounted) {
    it(`that isn't counted is possible ${disposition} as ${reason}, without a count`, () => {
      assert.deepEqual(failed(reason, heldAfter(4)), { retry: { disposition } });
    });
  }
  it("has to back off where the run was started, and timed out before any step began", () => {
    const { retry, consecutiveFailures } = retryAfterFailure(
      aCase({ lock: heldAfter(1) }),
      refused("DeadlineExceeded"),
      timeAfter(2),
    );
    assert.deepEqual([retry?.disposition, consecutiveFailures], ["After", 2]);
  });
  it("depends on the failure alone where nothing was locked yet", () => {
    const other = aHeldLock(aWorkflowExecution({ metadata: { uid: "uid-of-other" } }));
    for (const lock of [undefined, aTargetLock(), other]) {
      assert.deepEqual(failed("ResourceExhausted", lock), { retry: { disposition: "Now" } });
      assert.deepEqual(failed("ConfigurationError", lock), { retry: { disposition: "Never" } });
    }
  });
  it("is what the lock's record says after the release, to the second", () => {
    fc.assert(
      fc.property(fc.nat(7), fc.nat(5000), fc.nat(100_000), (failures, offset, later) => {
        const lock = heldAfter(failures);
        const now = after(10) + offset;
        const status = written(
          failBeforeRun(aCase({ lock, now }), { reason: "ResourceExhausted", message: "no room" }),
        );
        const execution = aWorkflowExecution({ status });
        const s = aLockSnapshot({ execution, lock, fresh: "all", now: now + later });
        const step = release(s, aPolicy());
        const [record] = (step?.type === "UpdateLock" && step.lock.spec.workflows) || [];
        assert.equal(record?.consecutiveFailures, status.consecutiveFailures);
        assert.equal(record?.nextAllowedAt, status.nextAllowedExecution);
        assert.equal(record?.blockedBy !== undefined, status.retry?.disposition === "WhenCleared");
      }),
    );
  });
});
