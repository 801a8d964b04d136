import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { World } from "../../test/support/fake-api/world.ts";

describe("an execution that is deleted", () => {
  function assertNothingIsLeft(world: World): void {
    assert.deepEqual(world.cluster.executions.all(), []);
    assert.deepEqual(world.runs(), []);
    assert.deepEqual(world.cluster.pods.all(), []);
    assert.deepEqual(
      world.cluster.locks.all().filter(({ spec }) => spec.state !== "Free"),
      [],
    );
    assert.deepEqual(world.trail.contradictions, []);
  }

  it("while its run runs takes the run with it, politely first", async () => {
    const world = new World();
    world.startController();
    world.tekton.script = "hang";
    world.request("first");
    await world.run(() => world.execution("first").status?.phase === "Running");
    const { metadata } = world.execution("first");
    const modes = new Set<unknown>();
    world.cluster.executions.remove(metadata);
    await world.run(() => {
      for (const run of world.runs()) modes.add(run.spec.status);
      return false;
    });
    assertNothingIsLeft(world);
    assert.ok(modes.has("CancelledRunFinally"));
    const events = ["requested", "starting", "started", "cancelled", "deleted"];
    assert.deepEqual(world.trail.eventsOf(metadata.uid ?? ""), events);
  });

  it("after its end keeps its cooldown", async () => {
    const world = new World();
    world.startController();
    world.request("first");
    await world.run();
    const cooldown = world.lock().spec.workflows;
    world.cluster.executions.remove(world.execution("first").metadata);
    await world.run();
    assertNothingIsLeft(world);
    assert.deepEqual(world.lock().spec.workflows, cooldown);
  });

  for (let n = 1; n <= 10; n += 1) {
    for (const script of ["succeed", "hang"] as const) {
      it(`after its ${String(n)}. write goes with all that it made (its run would ${script})`, async () => {
        const world = new World();
        let count = 0;
        world.startController((perform) => async (step) => {
          const result = await perform(step);
          if (step.type !== "Look" && (count += 1) === n) world.cluster.executions.remove(metadata);
          return result;
        });
        world.tekton.script = script;
        const { metadata } = world.request("first");
        await world.run();
        if (count < n) world.cluster.executions.remove(metadata);
        await world.run();
        assertNothingIsLeft(world);
        const events = world.trail.eventsOf(metadata.uid ?? "");
        assert.equal(new Set(events).size, events.length);
        assert.equal(events.at(-1), "deleted");
        const wasStarted = world.cluster.runs.changes.some(({ object }) => object.status?.startTime !== undefined);
        assert.equal(events.includes("started"), wasStarted);
      });
    }
  }

  it("stays until its audit events are committed and a settle time has passed", async () => {
    const world = new World();
    world.startController();
    world.request("first");
    await world.run();
    world.trail.isReachable = false;
    world.cluster.executions.remove(world.execution("first").metadata);
    await world.run();
    assert.equal(world.execution("first").status?.audit?.pending?.length, 1);
    world.trail.isReachable = true;
    const reachable = world.clock.now();
    await world.run();
    assertNothingIsLeft(world);
    assert.ok(world.clock.now() >= reachable + world.policy.auditSettleMs);
  });
});
