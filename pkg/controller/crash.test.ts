import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crashAt, type Fate } from "../../test/support/fake-api/crash.ts";
import { World } from "../../test/support/fake-api/world.ts";

const FATES: readonly Fate[] = ["arrives", "is lost", "arrives late"];
const WRITES = 10;

function assertOneRunEach(world: World, executions: number): void {
  assert.equal(world.tekton.begun.length, executions);
  assert.deepEqual(world.tekton.overlaps, []);
  assert.equal(world.runs().length, executions);
  assert.equal(world.lock().spec.state, "Free");
  assert.deepEqual(world.trail.contradictions, []);
}

describe("a process that crashes at a write", () => {
  for (const fate of FATES) {
    for (let n = 1; n <= WRITES; n += 1) {
      it(`has a successor that ends the execution with one run (write ${String(n)} ${fate})`, async () => {
        const world = new World();
        world.startController(crashAt(n, fate, (request) => world.late.push(() => request())));
        const w = world.request("first");
        await world.run();
        assert.equal(world.crashes, 1);
        assertOneRunEach(world, 1);
        assert.equal(world.execution("first").status?.phase, "Completed");
        assert.deepEqual(world.trail.eventsOf(w.metadata.uid ?? ""), ["requested", "starting", "started", "completed"]);
        assert.deepEqual(world.execution("first").status?.audit?.pending, []);
      });

      it(`and loses its run leaves nothing behind (deleted at write ${String(n)}, which ${fate})`, async () => {
        const world = new World();
        world.tekton.script = "hang";
        world.startController(crashAt(n, fate, (request) => world.late.push(() => request())));
        const { metadata } = world.request("first");
        await world.run(() => world.crashes > 0 || world.execution("first").status?.phase === "Running");
        world.cluster.executions.remove(metadata);
        await world.run();
        assert.deepEqual(world.cluster.executions.all(), []);
        assert.deepEqual(world.runs(), []);
        assert.deepEqual(
          world.cluster.locks.all().map(({ spec }) => spec.state),
          world.cluster.locks.all().map(() => "Free"),
        );
        const events = world.trail.eventsOf(metadata.uid ?? "");
        assert.equal(new Set(events).size, events.length);
        assert.deepEqual(world.trail.contradictions, []);
      });
    }
  }

  for (let n = 1; n <= WRITES; n += 1) {
    it(`and comes back next to another process makes one run an execution (write ${String(n)})`, async () => {
      const world = new World();
      world.startController();
      world.startController(crashAt(n, "arrives late", (request) => world.late.push(() => request())));
      world.request("first");
      world.request("second", { workflowRef: { workflowId: "another" } });
      await world.run();
      assert.equal(world.tekton.begun.length, 1);
      assertOneRunEach(world, 1);
    });
  }
});

describe("two processes", () => {
  it("that work on the same executions never start two runs on a target", async () => {
    const world = new World();
    world.startController();
    world.startController();
    for (const name of ["a", "b", "c"]) world.request(name, { workflowRef: { workflowId: name } });
    await world.run();
    assertOneRunEach(world, 1);
    const phases = ["a", "b", "c"].map((name) => world.execution(name).status?.phase);
    assert.deepEqual(phases.toSorted(), ["Completed", "Skipped", "Skipped"]);
  });

  it("of which one lags behind never take a target for an execution that has ended in the other", async () => {
    const world = new World();
    const slow = world.startController();
    const quick = world.startController((perform) => (step) => {
      // That is the last that the other one hears of it.
      const isSkip = step.type === "WriteStatus" && step.execution.status?.phase === "Skipped";
      if (isSkip && world.execution("second").status?.phase === "Pending") slow.deliver();
      return perform(step);
    });
    world.tekton.script = "hang";
    world.request("first");
    await world.run(() => world.execution("first").status?.phase === "Running");
    world.controllers.splice(0, 1);
    world.request("second", { workflowRef: { workflowId: "another" } });
    world.tekton.script = "succeed";
    await world.run();
    assert.equal(quick.stores.executions.get("remediation/second")?.status?.phase, "Skipped");
    assert.equal(slow.stores.executions.get("remediation/second")?.status?.phase, "Pending");
    slow.stores.locks.applyWrite(world.lock());
    const before = world.lock();
    await slow.reconcile("execution/remediation/second");
    assert.deepEqual(world.lock(), before);
    assert.deepEqual([before.spec.state, before.spec.epoch], ["Free", 1]);
  });

  it("that release the same holder don't release its successor", async () => {
    const world = new World();
    world.startController();
    let isDelayed = false;
    world.startController((perform) => async (step) => {
      if (step.type === "UpdateLock" && step.lock.spec.state === "Free" && !isDelayed) {
        isDelayed = true;
        const [quick] = world.controllers;
        await quick?.settle();
        world.tekton.script = "hang";
        world.request("second", { workflowRef: { workflowId: "another" } });
        await quick?.settle();
        assert.equal(world.lock().spec.holder?.name, "second");
      }
      return perform(step);
    });
    world.request("first");
    await world.controllers[0]?.settle();
    // The second process sees the end of the first run before the first process does.
    while (world.tekton.step() || world.cluster.collectGarbage());
    await world.controllers[1]?.settle();
    assert.ok(isDelayed);
    assert.equal(world.lock().spec.holder?.name, "second");
    assert.notEqual(world.lock().spec.state, "Free");
  });
});
