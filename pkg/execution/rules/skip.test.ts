import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aCase } from "../../../test/support/builders/a-snapshot.ts";
import { aHistory, aTargetLock, TARGET } from "../../../test/support/builders/a-target-lock.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, written } from "../../../test/support/builders/written.ts";
import { conditionOf } from "../conditions.ts";
import { skip } from "./skip.ts";
import type { Obstacle } from "./target-obstacle.ts";

const recentRemediation = { namespace: "n", name: "earlier", workflowId: "w", targetResource: TARGET };
const details = { reason: "RecentlyRemediated", message: "too soon", skippedAt: timeAfter(10), recentRemediation };
const backoff: Obstacle = { kind: "backoff", until: after(120), details };
const lock = aTargetLock({ workflows: [aHistory({ consecutiveFailures: 2, nextAllowedAt: timeAfter(120) })] });
const step = skip(aCase({ lock }), backoff);
const status = written(step);

describe("an execution that is skipped", () => {
  it("ends at once, with the reason and its details", () => {
    assert.deepEqual(
      [status.phase, status.outcome, status.reason, status.message, status.completionTime],
      ["Skipped", "n/a", "RecentlyRemediated", "too soon", timeAfter(10)],
    );
    assert.deepEqual(status.skipDetails, details);
    assert.equal(conditionOf(status, "Finished")?.status, "True");
    assert.equal(conditionOf(status, "ResourceLocked")?.status, "False");
    assert.equal(conditionOf(status, "ResourceLocked")?.reason, "RecentlyRemediated");
  });
  it("says when the same may be tried again, and how often it failed", () => {
    assert.deepEqual(status.retry, { disposition: "After", after: timeAfter(120) });
    assert.deepEqual([status.consecutiveFailures, status.nextAllowedExecution], [2, timeAfter(120)]);
  });
  it("is on record, with what stood against it", () => {
    assert.deepEqual(eventsIn(step), ["requested", "skipped"]);
    const { reason, outcome, facts } = status.audit?.pending?.[1] ?? {};
    assert.deepEqual([reason, outcome, facts?.["skipReason"]], ["RecentlyRemediated", "failure", "RecentlyRemediated"]);
    assert.deepEqual([facts?.["conflictingExecution"], facts?.["targetResource"]], ["n/earlier", TARGET]);
  });
  it("is on record with the lock that it met", () => {
    const { lockName, lockUid, lockEpoch } = status.audit?.pending?.[1]?.facts ?? {};
    assert.deepEqual([lockName, lockUid, lockEpoch], [lock.metadata.name, "uid-of-lock", "1"]);
  });
});
