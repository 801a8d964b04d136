import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anApiError } from "../../test/support/fake-api/fake-server.ts";
import { World } from "../../test/support/fake-api/world.ts";
import type { WorkflowExecutionStatus } from "../api/workflow-execution.ts";
import { eventName } from "../execution/outbox.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A world in which the API server refuses every run for good. */
function aWorld(): World {
  const world = new World();
  world.startController();
  world.cluster.server.refuse = ({ verb, resource }) =>
    verb === "create" && resource === "pipelineruns" ? anApiError("rejected", "spec is invalid") : undefined;
  return world;
}

async function statusOf(world: World, name: string): Promise<WorkflowExecutionStatus> {
  world.request(name);
  await world.run();
  const { status } = world.execution(name);
  assert.ok(status);
  return status;
}

/** Lets a workflow fail before it runs, that often in a row: each attempt as soon as its backoff is over. */
async function failures(world: World, count: number): Promise<readonly WorkflowExecutionStatus[]> {
  const statuses: WorkflowExecutionStatus[] = [];
  for (let n = 1; n <= count; n += 1) {
    const status = await statusOf(world, `attempt-${String(n)}`);
    statuses.push(status);
    world.clock.reach(Date.parse(status.nextAllowedExecution ?? ""));
  }
  return statuses;
}

/** A person asks for the clearing of a block, by annotations of the lock. */
function clearOnLock(world: World, text: string): void {
  const annotations = { "kubernaut.ai/clear-execution-block": text, "kubernaut.ai/cleared-by": "ann" };
  world.cluster.locks.edit(world.lock().metadata, (lock) => ({ ...lock, metadata: { ...lock.metadata, annotations } }));
}

function minutesOfBackoff({ completionTime, nextAllowedExecution }: WorkflowExecutionStatus): number {
  // A timestamp has whole seconds, and is rounded against the next attempt: that is the second more.
  const ms = Date.parse(nextAllowedExecution ?? "") - Date.parse(completionTime ?? "");
  return (ms - 1000) / MINUTE_MS;
}

describe("a workflow that fails before it runs, again and again,", () => {
  it("backs off for 1, 2, 4 and 8 minutes, and is blocked at the fifth time", async () => {
    const world = aWorld();
    const statuses = await failures(world, 5);
    assert.deepEqual(statuses.map(minutesOfBackoff), [1, 2, 4, 8, 10]);
    assert.deepEqual(
      statuses.map(({ consecutiveFailures }) => consecutiveFailures),
      [1, 2, 3, 4, 5],
    );
    assert.deepEqual(
      statuses.map(({ retry }) => retry?.disposition),
      ["Never", "Never", "Never", "Never", "WhenCleared"],
    );
    const [record] = world.lock().spec.workflows ?? [];
    assert.deepEqual([record?.blockedBy?.reason, record?.blockedBy?.name], ["ExhaustedRetries", "attempt-5"]);
    assert.equal(world.lock().spec.summary?.blocked, "restart-deployment");
  });

  for (const count of [1, 2, 3, 4]) {
    it(`is skipped in its backoff after ${String(count)} failures, up to the last moment of it`, async () => {
      const world = aWorld();
      const [last] = (await failures(world, count - 1)).slice(-1);
      assert.equal(last === undefined || world.clock.now() === Date.parse(last.nextAllowedExecution ?? ""), true);
      const { nextAllowedExecution = "" } = await statusOf(world, "failing");
      world.clock.reach(Date.parse(nextAllowedExecution) - 1);
      const early = await statusOf(world, "early");
      assert.deepEqual([early.phase, early.reason], ["Skipped", "RecentlyRemediated"]);
      assert.deepEqual([early.nextAllowedExecution, early.consecutiveFailures], [nextAllowedExecution, count]);
      assert.deepEqual(early.retry, { disposition: "After", after: nextAllowedExecution });
      assert.equal(early.skipDetails?.recentRemediation?.name, "failing");
      world.clock.reach(Date.parse(nextAllowedExecution));
      const next = await statusOf(world, "next");
      assert.deepEqual([next.phase, next.consecutiveFailures], ["Failed", count + 1]);
    });
  }

  it("stays blocked however long it is left alone, while other workflows run", async () => {
    const world = aWorld();
    await failures(world, 5);
    world.clock.reach(world.clock.now() + 3 * DAY_MS);
    const skipped = await statusOf(world, "later");
    assert.deepEqual([skipped.phase, skipped.reason], ["Skipped", "ExhaustedRetries"]);
    assert.deepEqual([skipped.retry, skipped.consecutiveFailures], [{ disposition: "WhenCleared" }, 5]);
    world.cluster.server.refuse = () => undefined;
    world.request("another", { workflowRef: { workflowId: "another" } });
    await world.run();
    assert.equal(world.execution("another").status?.phase, "Completed");
    assert.equal(world.lock().spec.workflows?.[0]?.blockedBy?.reason, "ExhaustedRetries");
  });

  it("runs again when somebody has cleared it on the lock, which is on record once", async () => {
    const world = aWorld();
    await failures(world, 5);
    const { metadata } = world.lock();
    clearOnLock(world, "restart-deployment: quota raised");
    await world.run();
    const { spec, metadata: cleared } = world.lock();
    const [record] = spec.workflows ?? [];
    assert.ok(record && !("blockedBy" in record) && !("nextAllowedAt" in record));
    assert.deepEqual([record.consecutiveFailures, cleared.annotations, spec.summary], [0, {}, undefined]);
    assert.deepEqual(world.trail.eventsOf(metadata.uid ?? ""), ["cleared"]);
    assert.deepEqual([spec.audit?.pending, spec.audit?.acked?.ordinal], [[], 1]);
    world.cluster.server.refuse = () => undefined;
    assert.equal((await statusOf(world, "again")).phase, "Completed");
  });

  it("begins to count anew after a success", async () => {
    const world = aWorld();
    const { refuse } = world.cluster.server;
    await failures(world, 4);
    world.cluster.server.refuse = () => undefined;
    assert.equal((await statusOf(world, "success")).phase, "Completed");
    world.clock.reach(Date.parse(world.lock().spec.workflows?.[0]?.cooldownEndsAt ?? ""));
    world.cluster.server.refuse = refuse;
    const failed = await statusOf(world, "failing-again");
    assert.deepEqual([failed.consecutiveFailures, minutesOfBackoff(failed)], [1, 1]);
  });

  it("starts at the end of its backoff where it was asked to wait for that", async () => {
    const world = aWorld();
    const { nextAllowedExecution = "" } = await statusOf(world, "failing");
    world.cluster.server.refuse = () => undefined;
    const w = world.request("patient", { spec: { onBusy: "Wait" } });
    await world.run(() => world.execution("patient").status?.reason === "WaitingForBackoff");
    await world.run();
    const { status } = world.execution("patient");
    assert.deepEqual([status?.phase, status?.startTime], ["Completed", nextAllowedExecution]);
    assert.deepEqual(world.trail.eventsOf(w.metadata.uid ?? ""), ["requested", "starting", "started", "completed"]);
  });
});

describe("a clearing on the lock while the audit trail is away", () => {
  it("lifts the block at once, and its event waits in the lock", async () => {
    const world = aWorld();
    await failures(world, 5);
    world.trail.isReachable = false;
    const { metadata } = world.lock();
    clearOnLock(world, "restart-deployment: why");
    await world.run();
    const pending = world.lock().spec.audit?.pending ?? [];
    assert.deepEqual(
      pending.map(({ type }) => eventName(type)),
      ["cleared"],
    );
    assert.equal(world.lock().spec.workflows?.[0]?.blockedBy, undefined);
    world.trail.isReachable = true;
    await world.run();
    assert.deepEqual(world.lock().spec.audit?.pending, []);
    assert.deepEqual(world.trail.eventsOf(metadata.uid ?? ""), ["cleared"]);
  });
});
