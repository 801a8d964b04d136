import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blockedWorkflows } from "../../../pkg/lock/block.ts";
import type { World } from "../../support/controller-world.ts";
import { clearBlock } from "./clear-block.ts";
import {
  create,
  removeByForce,
  untilFinished,
  untilLock,
  untilRunning,
  untilSettled,
  untilStatus,
  type ControllerContext,
} from "./context.ts";
import { auditRows, auditView, eventsWith } from "./records.ts";

const TARGET = "payment/deployments.apps/blocked";

/** A run that failed blocks its workflow and its bundle on the target until somebody clears that. BR-WE-013. */
export function testBlocks(context: ControllerContext): void {
  describe("a run that failed", () => {
    testBlocking(context);
    testClearing(context);
  });
  describe("an execution that was removed by force while its run went on", () => {
    testRemoval(context);
  });
}

interface Asked {
  readonly workflowId?: string;
  readonly fails?: boolean;
}

function ask(world: World, name: string, { fails = false, ...asked }: Asked = {}): Promise<unknown> {
  const parameters = fails ? { PLAY_ENDING: "fail" } : {};
  return create(world, { name, target: "payment/deploy/blocked", parameters, ...asked });
}

function testBlocking(context: ControllerContext): void {
  it("tells that only a person can allow the next attempt", async () => {
    await ask(context.world(), "block-1", { fails: true });
    const { status } = await untilSettled(context.world(), "block-1");
    assert.deepEqual([status?.phase, status?.retry], ["Failed", { disposition: "WhenCleared" }]);
  });

  for (const [name, workflowId, sentence] of [
    ["block-2", "restart-deployment", "the same workflow"],
    ["block-3", "renamed", "the same bundle under another name"],
  ] as const) {
    it(`blocks ${sentence}`, async () => {
      await ask(context.world(), name, { workflowId });
      const { status } = await untilFinished(context.world(), name);
      assert.deepEqual([status?.phase, status?.reason], ["Skipped", "PreviousExecutionFailed"]);
      assert.equal(status?.skipDetails?.recentRemediation?.name, "block-1");
      assert.equal(status.retry?.disposition, "WhenCleared");
    });
  }
}

function testClearing(context: ControllerContext): void {
  it("is cleared on the execution that failed, which remembers by whom and why", async () => {
    const world = context.world();
    const me = await clearBlock(world, ["wfe", "block-1", "-n", "remediation"], "the image was repaired");
    const { status, ...failed } = await untilStatus(world, "block-1", "cleared and on record", (now) => {
      return now.blockClearance !== undefined && now.audit?.pending?.length === 0;
    });
    const { clearedAt, ...clearance } = status?.blockClearance ?? {};
    const clearMethod = "ExecutionAnnotation";
    assert.deepEqual(clearance, { clearedBy: me, clearReason: "the image was repaired", clearMethod });
    assert.ok(Date.parse(clearedAt ?? "") > 0);
    await untilLock(world, TARGET, "without a block", ({ spec }) => blockedWorkflows(spec.workflows).length === 0);
    const rows = await auditRows(world, failed);
    assert.deepEqual(
      rows.map(({ event }) => event),
      ["requested", "starting", "started", "failed", "workflowexecution.block.cleared"],
    );
    const view = await auditView(world, failed);
    assert.deepEqual([view["phase"], view["failure_reason"]], ["Failed", "TaskFailed"]);
    const events = await eventsWith(world, failed, "BlockCleared");
    assert.match(events.find(({ reason }) => reason === "BlockCleared")?.message ?? "", /the image was repaired/);
  });

  it("blocks nothing any more then", async () => {
    await ask(context.world(), "block-4");
    assert.equal((await untilFinished(context.world(), "block-4")).status?.phase, "Completed");
  });
}

function testRemoval(context: ControllerContext): void {
  const target = "payment/deployments.apps/forced";

  it("is remembered by what its run tells", async () => {
    const world = context.world();
    await create(world, { name: "forced-1", target, parameters: { PLAY_ENDING: "never" } });
    const running = await untilRunning(world, "forced-1");
    // Else it would put the finalizer back.
    await context.controller().stop();
    await removeByForce(world, running);
    world.player.end(running.metadata.uid ?? "", "fail");
    await context.restartController();
    const { spec } = await untilLock(world, target, "given back", (lock) => lock.spec.state === "Free");
    const [entry] = spec.workflows ?? [];
    assert.deepEqual([entry?.lastOutcome, entry?.blockedBy?.reason], ["Failed", "PreviousExecutionFailed"]);
    assert.equal(entry?.bundle?.repository, "registry.example.com/workflows/played");
  });

  it("blocks as any other whose run failed", async () => {
    await create(context.world(), { name: "forced-2", target });
    const { status } = await untilFinished(context.world(), "forced-2");
    assert.deepEqual([status?.phase, status?.reason], ["Skipped", "PreviousExecutionFailed"]);
    assert.equal(status?.skipDetails?.recentRemediation?.name, "forced-1");
  });
}
