import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { historyOf } from "../../../pkg/lock/history.ts";
import type { ExecutionParts, World } from "../../support/controller-world.ts";
import { clearBlock } from "./clear-block.ts";
import { create, untilFinished, untilLock, untilSettled, untilStatus, type ControllerContext } from "./context.ts";
import { eventsOfLock } from "./records.ts";
import { withoutRunQuota, withRunQuota } from "./run-quota.ts";

const TARGET = "payment/deployments.apps/backoff";
const WORKFLOW = "restart-deployment";

/** Failures before anything ran: backoff, waiting for its end, a block after too many, and its clearing. BR-WE-012. */
export function testBackoff(context: ControllerContext): void {
  describe("a workflow that fails before it runs", () => {
    testWaitingTimes(context);
    testExhaustion(context);
  });
}

function ask(world: World, name: string, spec: ExecutionParts["spec"] = {}): Promise<unknown> {
  return create(world, { name, target: "payment/deployment/backoff", spec });
}

function testWaitingTimes(context: ControllerContext): void {
  it("says when it may be tried again, and how often it failed", async () => {
    const world = context.world();
    await withRunQuota(world);
    await ask(world, "backoff-1", { executionConfig: { maxDelay: "3s" } });
    const { status } = await untilSettled(world, "backoff-1");
    assert.deepEqual([status?.phase, status?.reason, status?.consecutiveFailures], ["Failed", "ResourceExhausted", 1]);
    const lock = await untilLock(world, TARGET, "free", ({ spec }) => spec.state === "Free");
    const { nextAllowedAt, consecutiveFailures } = historyOf(lock, WORKFLOW) ?? {};
    assert.equal(consecutiveFailures, 1);
    assert.deepEqual(status?.retry, { disposition: "After", after: nextAllowedAt });
    assert.equal(status.nextAllowedExecution, nextAllowedAt);
  });

  it("is skipped in its backoff, or waits for its end if it is told to", async () => {
    const world = context.world();
    await Promise.all([
      ask(world, "backoff-2"),
      ask(world, "backoff-3", { onBusy: "Wait", executionConfig: { maxDelay: "12s" } }),
    ]);
    const { status } = await untilFinished(world, "backoff-2");
    assert.deepEqual([status?.phase, status?.reason], ["Skipped", "RecentlyRemediated"]);
    assert.equal(status?.nextAllowedExecution, status?.skipDetails?.recentRemediation?.cooldownEndsAt);
    const waiting = await untilStatus(world, "backoff-3", "waits", ({ reason }) => reason === "WaitingForBackoff");
    assert.match(waiting.status?.message ?? "", /position 1.*earliest start .*backoff/);
    const quota = await untilStatus(world, "backoff-3", "takes it", ({ reason }) => reason === "QuotaExceeded");
    assert.ok(Date.parse(quota.metadata.creationTimestamp ?? "") > 0);
  });
}

function testExhaustion(context: ControllerContext): void {
  it("is blocked after too many failures", async () => {
    const world = context.world();
    const failed = await untilSettled(world, "backoff-3");
    assert.deepEqual(failed.status?.retry, { disposition: "WhenCleared" });
    await ask(world, "backoff-4");
    const { status } = await untilFinished(world, "backoff-4");
    assert.deepEqual([status?.reason, status?.retry?.disposition], ["ExhaustedRetries", "WhenCleared"]);
    assert.equal(status?.skipDetails?.recentRemediation?.name, "backoff-3");
    assert.match(status.message ?? "", /failed 2 times in a row.*clear-execution-block on TargetLock target-/);
  });

  it("runs again once somebody has cleared that on the lock, with their name on record", async () => {
    const world = context.world();
    await withoutRunQuota(world);
    const blocked = await untilLock(world, TARGET, "blocked", ({ spec }) => spec.summary?.blocked === WORKFLOW);
    const me = await clearBlock(world, ["tlock", blocked.metadata.name], `${WORKFLOW}: the quota was raised`);
    const lock = await untilLock(world, TARGET, "cleared and on record", ({ spec, metadata }) => {
      return spec.audit?.acked?.ordinal === 1 && Object.keys(metadata.annotations ?? {}).length === 0;
    });
    const entry = historyOf(lock, WORKFLOW);
    assert.deepEqual([entry?.blockedBy, entry?.consecutiveFailures, lock.spec.summary], [undefined, 0, undefined]);
    const [row, ...more] = await eventsOfLock(world, lock);
    assert.deepEqual([row?.event_type, row?.actor, more.length], ["workflowexecution.block.cleared", me, 0]);
    assert.equal(row?.facts["clearReason"], "the quota was raised");
    await ask(world, "backoff-5");
    assert.equal((await untilFinished(world, "backoff-5")).status?.phase, "Completed");
  });
}
