import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { World } from "../../test/support/fake-api/world.ts";

const DAY_MS = 24 * 60 * 60_000;

/** A target whose only execution has ended well, and when its cooldown is over (ms). */
async function anIdleTarget(): Promise<{ readonly world: World; readonly calmAt: number }> {
  const world = new World();
  world.startController();
  world.request("first");
  await world.run();
  return { world, calmAt: Date.parse(world.lock().spec.workflows?.[0]?.cooldownEndsAt ?? "") };
}

describe("the lock of a target on which nothing happens any more", () => {
  it("is deleted a day after its last cooldown, not before", async () => {
    const { world, calmAt } = await anIdleTarget();
    const { metadata } = world.lock();
    world.clock.reach(calmAt + DAY_MS - 1);
    const before = world.cluster.server.requests.length;
    await world.controllers[0]?.reconcile(`lock/${metadata.name}`);
    assert.equal(world.cluster.server.requests.length, before);
    assert.equal(world.lock().metadata.uid, metadata.uid);
    await world.run();
    assert.deepEqual(world.cluster.locks.all(), []);
    assert.equal(world.clock.now(), calmAt + DAY_MS);
    assert.deepEqual(world.controllers[0]?.errors, []);
  });
  it("is made anew for the next execution, with its own fencing number", async () => {
    const { world, calmAt } = await anIdleTarget();
    const { uid } = world.lock().metadata;
    world.clock.reach(calmAt + DAY_MS);
    await world.run();
    world.request("second");
    await world.run();
    assert.equal(world.execution("second").status?.phase, "Completed");
    assert.notEqual(world.lock().metadata.uid, uid);
    assert.equal(world.lock().spec.epoch, 1);
  });
  it("is deleted although the executions that held it are still there, and changes nothing in them", async () => {
    const { world, calmAt } = await anIdleTarget();
    const before = world.execution("first").metadata.resourceVersion;
    world.clock.reach(calmAt + DAY_MS);
    await world.run();
    assert.equal(world.execution("first").metadata.resourceVersion, before);
  });
});

describe("a lock that is still needed", () => {
  it("is left alone for days while its holder runs", async () => {
    const world = new World();
    world.startController();
    world.tekton.script = "hang";
    world.request("long");
    await world.run(() => world.execution("long").status?.phase === "Running");
    world.clock.reach(world.clock.now() + 7 * DAY_MS);
    await world.controllers[0]?.reconcile(`lock/${world.lock().metadata.name}`);
    assert.equal(world.lock().spec.holder?.name, "long");
  });
  it("is left alone for days while a workflow is blocked on the target", async () => {
    const world = new World();
    world.startController();
    world.tekton.script = "fail";
    world.request("first");
    await world.run();
    world.clock.reach(world.clock.now() + 7 * DAY_MS);
    await world.run();
    assert.equal(world.lock().spec.workflows?.[0]?.blockedBy?.name, "first");
  });
  it("stays with whoever takes it at the very moment of its deletion", async () => {
    const { world, calmAt } = await anIdleTarget();
    world.controllers.splice(0);
    const other = world.startController();
    await other.settle();
    const slow = world.startController((perform) => async (step) => {
      if (step.type === "DeleteLock") {
        world.tekton.script = "hang";
        world.request("second");
        await other.settle();
        assert.equal(world.lock().spec.holder?.name, "second");
      }
      return perform(step);
    });
    world.clock.reach(calmAt + DAY_MS);
    const { name, uid } = world.lock().metadata;
    slow.deliver();
    await slow.reconcile(`lock/${name}`);
    await world.run(() => world.execution("second").status?.phase === "Running");
    assert.deepEqual([world.lock().metadata.uid, world.lock().spec.holder?.name], [uid, "second"]);
    assert.deepEqual(world.tekton.overlaps, []);
  });
  it("isn't missed by who takes it at the very moment after its deletion", async () => {
    const { world, calmAt } = await anIdleTarget();
    const [controller] = world.controllers;
    world.clock.reach(calmAt + DAY_MS);
    // The cache of this controller still knows the lock that another one has deleted.
    world.cluster.locks.remove(world.lock().metadata);
    world.request("second");
    controller?.stores.executions.applyWrite(world.execution("second"));
    await controller?.reconcile("execution/remediation/second");
    await world.run();
    assert.equal(world.execution("second").status?.phase, "Completed");
  });
});
