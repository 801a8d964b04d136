import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assertReleased, cancel, onlyRun, statusOf } from "../../test/support/fake-api/running-execution.ts";
import { World } from "../../test/support/fake-api/world.ts";
import type { WorkflowExecutionStatus } from "../api/workflow-execution.ts";
import { conditionOf } from "../execution/conditions.ts";

/** That of the status Running: from then on the run is stopped, which is told in cancel-life.test.ts. */
const LAST_WRITE = 7;
/** After the one before the start the run is started, too: nobody looks again in between. */
const STARTING_WRITE = 5;

function withoutGenerations({ conditions = [], ...status }: WorkflowExecutionStatus): unknown {
  const told = conditions.map(({ observedGeneration: _generation, ...condition }) => condition);
  return { ...status, observedGeneration: 0, conditions: told };
}

describe("an execution that is cancelled before its run starts", () => {
  it("ends while it waits for its target, without a run", async () => {
    const world = new World();
    world.startController();
    world.tekton.script = "hang";
    world.request("holder");
    await world.run(() => statusOf(world, "holder").phase === "Running");
    const w = world.request("first", { spec: { onBusy: "Wait" }, workflowRef: { workflowId: "another" } });
    await world.run(() => statusOf(world).reason === "WaitingForTarget");
    cancel(world, "StopRunFinally");
    await world.run(() => world.trail.eventsOf(w.metadata.uid ?? "").includes("cancelled"));
    const { phase, outcome, message, failureDetails } = statusOf(world);
    assert.deepEqual([phase, outcome, failureDetails?.wasExecutionFailure], ["Failed", "Cancelled", false]);
    assert.match(message ?? "", /cancelled by alice before its run was started: wrong target/);
    assert.deepEqual(world.trail.eventsOf(w.metadata.uid ?? ""), ["requested", "cancelled"]);
    assert.equal(world.runs().length, 1);
    assert.equal(statusOf(world, "holder").phase, "Running");
  });

  for (let n = 1; n <= LAST_WRITE; n += 1) {
    it(`or after the ${String(n)}. write of its controller is Cancelled, and what was started is stopped`, async () => {
      const world = new World();
      let writes = 0;
      world.startController((perform) => async (step) => {
        const result = await perform(step);
        if (step.type !== "Look" && (writes += 1) === n) cancel(world, "Cancel");
        return result;
      });
      world.tekton.script = "hang";
      const { metadata } = world.request("first");
      await world.run();
      const { outcome, failureDetails } = statusOf(world);
      assert.equal(outcome, "Cancelled");
      assert.equal(failureDetails?.wasExecutionFailure, world.tekton.begun.length > 0);
      const hasRun = world.runs().length > 0;
      const events = world.trail.eventsOf(metadata.uid ?? "");
      const [first, last] = [events[0], events.at(-1)];
      assert.deepEqual([first, last, events.includes("started")], ["requested", "cancelled", hasRun]);
      assert.equal(new Set(events).size, events.length);
      assert.equal(hasRun, n >= STARTING_WRITE);
      assertReleased(world);
    });
  }

  it("is not counted as a failure: the workflow may run again at once", async () => {
    const world = new World();
    world.startController((perform) => async (step) => {
      const result = await perform(step);
      if (step.type === "CreateRun") cancel(world, "Cancel");
      return result;
    });
    world.request("first");
    await world.run(() => statusOf(world).phase === "Failed");
    assert.equal(statusOf(world).consecutiveFailures, undefined);
    await world.run();
    world.request("again");
    await world.run();
    assert.equal(statusOf(world, "again").phase, "Completed");
  });
});

describe("a cancel of an execution that has ended", () => {
  it("is only seen: generation and conditions follow, nothing else changes", async () => {
    const world = new World();
    world.startController();
    const { metadata } = world.request("first");
    await world.run();
    const before = statusOf(world);
    cancel(world, "Cancel");
    await world.run();
    const after = statusOf(world);
    assert.deepEqual([after.observedGeneration, conditionOf(after, "Finished")?.observedGeneration], [2, 2]);
    assert.deepEqual(withoutGenerations(after), withoutGenerations(before));
    const events = ["requested", "starting", "started", "completed"];
    assert.deepEqual(world.trail.eventsOf(metadata.uid ?? ""), events);
    assert.equal(onlyRun(world).spec.status, undefined);
  });
});
