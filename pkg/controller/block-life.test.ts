import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { World } from "../../test/support/fake-api/world.ts";
import type { ExecutionWishes } from "../../test/support/builders/a-workflow-execution.ts";
import type { WorkflowExecutionStatus } from "../api/workflow-execution.ts";
import { conditionOf } from "../execution/conditions.ts";

const OTHER_DIGEST = `sha256:${"b".repeat(64)}`;

/** A world in which the first execution ran and failed; what comes after it succeeds. */
async function aWorld(): Promise<World> {
  const world = new World();
  world.startController();
  world.tekton.script = "fail";
  world.request("first");
  await world.run();
  world.tekton.script = "succeed";
  return world;
}

async function statusOf(world: World, name: string, wishes: ExecutionWishes = {}): Promise<WorkflowExecutionStatus> {
  world.request(name, wishes);
  await world.run();
  const { status } = world.execution(name);
  assert.ok(status);
  return status;
}

function annotate(world: World, name: string, reason: string): void {
  const annotations = { "kubernaut.ai/clear-execution-block": reason, "kubernaut.ai/cleared-by": "ann" };
  const { metadata } = world.execution(name);
  world.cluster.executions.edit(metadata, (w) => ({ ...w, metadata: { ...w.metadata, annotations } }));
}

describe("a workflow that ran and failed on a target", () => {
  it("says itself that it needs a clearing", async () => {
    const world = await aWorld();
    const { retry, consecutiveFailures } = world.execution("first").status ?? {};
    assert.deepEqual([retry, consecutiveFailures], [{ disposition: "WhenCleared" }, undefined]);
  });

  const sameBundle = { workflowId: "renamed", version: "7.0.0" };
  const skipped: Readonly<Record<string, ExecutionWishes>> = {
    "the same workflow": {},
    "the same workflow with another bundle": {
      workflowRef: { containerImage: `registry.example/workflows/restart@${OTHER_DIGEST}` },
    },
    "a workflow of another name with the same bundle": { workflowRef: sameBundle },
    "one that would wait": { spec: { onBusy: "Wait", onCooldown: "Wait" } },
  };
  for (const [sentence, wishes] of Object.entries(skipped)) {
    it(`blocks ${sentence}, also after the cooldown and after the deletion of the failed execution`, async () => {
      const world = await aWorld();
      const early = await statusOf(world, "early", wishes);
      assert.deepEqual([early.phase, early.reason], ["Skipped", "PreviousExecutionFailed"]);
      assert.deepEqual(
        [early.retry, early.skipDetails?.recentRemediation?.name],
        [{ disposition: "WhenCleared" }, "first"],
      );
      world.cluster.executions.remove(world.execution("first").metadata);
      world.clock.reach(world.clock.now() + 86_400_000);
      const late = await statusOf(world, "late", wishes);
      assert.deepEqual([late.phase, late.reason], ["Skipped", "PreviousExecutionFailed"]);
      assert.equal(world.tekton.begun.length, 1);
    });
  }

  const free: Readonly<Record<string, ExecutionWishes>> = {
    "another workflow with another version of the bundle": {
      workflowRef: { workflowId: "renamed", containerImage: `registry.example/workflows/restart@${OTHER_DIGEST}` },
    },
    "another workflow with another bundle": {
      workflowRef: { workflowId: "another", containerImage: `registry.example/workflows/scale@${OTHER_DIGEST}` },
    },
    "the same workflow on another target": { spec: { targetResource: "payment/Deployment/ledger" } },
  };
  for (const [sentence, wishes] of Object.entries(free)) {
    it(`doesn't block ${sentence}`, async () => {
      const world = await aWorld();
      assert.equal((await statusOf(world, "second", wishes)).phase, "Completed");
    });
  }
});

describe("a block that is cleared on the execution that failed", () => {
  it("is lifted; who did it stands in the execution, and on record once", async () => {
    const world = await aWorld();
    annotate(world, "first", "disk replaced");
    await world.run();
    const { metadata, status } = world.execution("first");
    const { clearedBy, clearReason, clearMethod } = status?.blockClearance ?? {};
    assert.deepEqual([clearedBy, clearReason, clearMethod], ["ann", "disk replaced", "ExecutionAnnotation"]);
    assert.deepEqual(world.trail.eventsOf(metadata.uid ?? ""), [
      "requested",
      "starting",
      "started",
      "failed",
      "cleared",
    ]);
    assert.deepEqual([status?.audit?.pending, conditionOf(status, "AuditRecorded")?.status], [[], "True"]);
    assert.equal(world.lock().spec.workflows?.[0]?.blockedBy, undefined);
    assert.equal((await statusOf(world, "second")).phase, "Completed");
  });
  it("allows a workflow of another name with the same bundle too", async () => {
    const world = await aWorld();
    annotate(world, "first", "disk replaced");
    await world.run();
    assert.equal((await statusOf(world, "second", { workflowRef: { workflowId: "renamed" } })).phase, "Completed");
  });
  it("can be wished for while the target isn't given back yet: it is lifted when it is there", async () => {
    const world = new World();
    world.startController((perform) => async (step) => {
      const result = await perform(step);
      if (step.type === "WriteStatus" && step.execution.status?.phase === "Failed") annotate(world, "first", "seen");
      return result;
    });
    world.tekton.script = "fail";
    world.request("first");
    await world.run();
    assert.equal(world.execution("first").status?.blockClearance?.clearReason, "seen");
    assert.equal(world.lock().spec.workflows?.[0]?.blockedBy, undefined);
  });
  it("doesn't lift the block of another execution", async () => {
    const world = await aWorld();
    await statusOf(world, "skipped");
    annotate(world, "skipped", "I want it to run");
    await world.run();
    assert.equal(world.execution("skipped").status?.blockClearance, undefined);
    assert.equal(world.lock().spec.workflows?.[0]?.blockedBy?.name, "first");
  });
  it("doesn't lift the next failure's block, and is written once", async () => {
    const world = await aWorld();
    annotate(world, "first", "disk replaced");
    await world.run();
    const { clearedAt } = world.execution("first").status?.blockClearance ?? {};
    world.tekton.script = "fail";
    assert.equal((await statusOf(world, "second")).phase, "Failed");
    annotate(world, "first", "again");
    await world.run();
    assert.equal(world.execution("first").status?.blockClearance?.clearedAt, clearedAt);
    assert.equal(world.lock().spec.workflows?.[0]?.blockedBy?.name, "second");
  });
});

describe("a clearing that is recorded", () => {
  /** A world in which the clearing stands in the execution and on record, and whose controller ended just then. */
  async function aRecordedClearing(): Promise<World> {
    const world = await aWorld();
    world.controllers.splice(0);
    world.startController((perform) => async (step) => {
      if (step.type !== "UpdateLock") return perform(step);
      return { type: "refused", refusal: { kind: "unknown", message: "timeout" } };
    });
    annotate(world, "first", "disk replaced");
    await world.run(() => world.execution("first").status?.blockClearance !== undefined);
    assert.equal(world.lock().spec.workflows?.[0]?.blockedBy?.name, "first");
    world.controllers.splice(0);
    return world;
  }
  it("is carried out although the wish was taken back meanwhile", async () => {
    const world = await aRecordedClearing();
    const { metadata } = world.execution("first");
    world.cluster.executions.edit(metadata, (w) => ({ ...w, metadata: { ...w.metadata, annotations: {} } }));
    world.startController();
    await world.run();
    assert.equal(world.lock().spec.workflows?.[0]?.blockedBy, undefined);
  });
  it("is carried out although the execution is deleted meanwhile", async () => {
    const world = await aRecordedClearing();
    world.cluster.executions.remove(world.execution("first").metadata);
    world.startController();
    await world.run();
    assert.deepEqual(world.cluster.executions.all(), []);
    assert.equal(world.lock().spec.workflows?.[0]?.blockedBy, undefined);
  });
});
