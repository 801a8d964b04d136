import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { after, timeAfter } from "../../test/support/builders/moments.ts";
import {
  aRunningExecution,
  assertReleased,
  cancel,
  onlyRun,
  statusOf,
} from "../../test/support/fake-api/running-execution.ts";
import { World } from "../../test/support/fake-api/world.ts";
import { ANNOTATION_STOP_REASON, ANNOTATION_STOP_REQUESTED_AT } from "../api/labels.ts";
import { fromTimestamp } from "../api/time.ts";
import { TEKTON_GRACE_MS } from "../execution/rules/stop-run.ts";

/** Moves on until the run is stopped for good; gives why, and when (ms). */
async function stopOf(world: World): Promise<readonly [string | undefined, number]> {
  await world.run(() => onlyRun(world).spec.status === "Cancelled");
  const { annotations = {} } = onlyRun(world).metadata;
  return [annotations[ANNOTATION_STOP_REASON], fromTimestamp(annotations[ANNOTATION_STOP_REQUESTED_AT] ?? "")];
}

function startOf(world: World): number {
  return fromTimestamp(onlyRun(world).status?.startTime ?? "");
}

describe("a run that is over its time and that Tekton doesn't end", () => {
  const TIMEOUT = { spec: { executionConfig: { timeout: "10m" } } };

  it("is stopped for good half a minute after its timeout", async () => {
    const world = await aRunningExecution(TIMEOUT);
    world.tekton.isDown = true;
    assert.deepEqual(await stopOf(world), ["DeadlineExceeded", startOf(world) + 600_000 + TEKTON_GRACE_MS]);
  });

  it("ends its execution as Failed with DeadlineExceeded, not as Cancelled", async () => {
    const world = await aRunningExecution(TIMEOUT);
    const { metadata } = world.execution("first");
    await world.run();
    const { phase, outcome, reason, failureDetails } = statusOf(world);
    assert.deepEqual([phase, outcome, reason], ["Failed", "Failed", "DeadlineExceeded"]);
    assert.equal(failureDetails?.wasExecutionFailure, true);
    const events = ["requested", "starting", "started", "failed"];
    assert.deepEqual(world.trail.eventsOf(metadata.uid ?? ""), events);
    assertReleased(world);
  });

  it("is stopped without Tekton half a minute later, and the target stays locked", async () => {
    const world = await aRunningExecution(TIMEOUT);
    world.tekton.isDown = true;
    await world.run();
    const [taskRun] = world.cluster.taskRuns.all();
    assert.deepEqual([taskRun?.spec?.status, world.cluster.pods.all()], ["TaskRunCancelled", []]);
    assert.deepEqual([statusOf(world).phase, world.lock().spec.state], ["Running", "Bound"]);
    world.tekton.isDown = false;
    await world.run();
    assert.equal(statusOf(world).reason, "DeadlineExceeded");
    assertReleased(world);
  });

  it("is stopped at timesOutAt where that is earlier than its timeout, and Tekton was told so", async () => {
    const world = await aRunningExecution({ spec: { ...TIMEOUT.spec, timesOutAt: timeAfter(240) } });
    world.tekton.isDown = true;
    assert.equal(onlyRun(world).spec.timeouts?.pipeline, "4m0s");
    assert.deepEqual(await stopOf(world), ["DeadlineExceeded", after(240) + TEKTON_GRACE_MS]);
  });

  it("is stopped at timesOutAt also where Tekton began it late", async () => {
    const world = new World();
    world.startController();
    [world.tekton.script, world.tekton.isDown] = ["hang", true];
    world.request("first", { spec: { timesOutAt: timeAfter(240) } });
    await world.run(() => world.runs()[0]?.spec.status === undefined && world.runs().length === 1);
    world.clock.reach(after(100));
    world.tekton.isDown = false;
    assert.deepEqual(await stopOf(world), ["DeadlineExceeded", after(240) + TEKTON_GRACE_MS]);
    assert.equal(startOf(world), after(100));
  });

  it("keeps the reason of whoever stopped it before", async () => {
    const world = await aRunningExecution(TIMEOUT);
    world.tekton.isDown = true;
    cancel(world, "StopRunFinally");
    assert.deepEqual(await stopOf(world), ["Cancel", startOf(world) + 600_000 + TEKTON_GRACE_MS]);
    world.tekton.isDown = false;
    await world.run();
    assert.equal(statusOf(world).outcome, "Cancelled");
  });
});

describe("a run that Tekton never begins", () => {
  it("is stopped when its timeout is over since it was about to be started, and never begins", async () => {
    const world = new World();
    world.startController();
    world.tekton.isDown = true;
    world.request("first", { spec: { executionConfig: { timeout: "10m" } } });
    const [why, at] = await stopOf(world);
    assert.deepEqual([why, at], ["DeadlineExceeded", after(600) + TEKTON_GRACE_MS]);
    world.tekton.isDown = false;
    await world.run();
    const { phase, outcome, reason, failureDetails } = statusOf(world);
    assert.deepEqual([phase, outcome, reason], ["Failed", "Failed", "DeadlineExceeded"]);
    assert.deepEqual([failureDetails?.wasExecutionFailure, world.tekton.begun], [false, []]);
    assertReleased(world);
  });
});

describe("an execution that is deleted while Tekton is down", () => {
  it("leaves its run the time for finally that it was given, then stops it for good", async () => {
    const world = await aRunningExecution({ spec: { executionConfig: { timeout: "20m", finallyTimeout: "2m" } } });
    world.tekton.isDown = true;
    const { metadata } = world.execution("first");
    world.clock.reach(after(100));
    world.cluster.executions.remove(metadata);
    await world.run(() => onlyRun(world).spec.status === "CancelledRunFinally");
    assert.deepEqual(await stopOf(world), ["Deletion", after(100) + 120_000]);
    await world.run();
    assert.deepEqual(world.cluster.pods.all(), []);
    world.tekton.isDown = false;
    await world.run();
    assert.deepEqual([world.cluster.executions.all(), world.runs()], [[], []]);
    assertReleased(world);
  });
});
