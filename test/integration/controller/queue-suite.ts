import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import type { World } from "../../support/controller-world.ts";
import {
  create,
  remove,
  untilFinished,
  untilGone,
  untilRunning,
  untilSettled,
  untilStatus,
  type ControllerContext,
} from "./context.ts";

const TARGET = "payment/deployment/queue";
const WAIT = { onBusy: "Wait", onCooldown: "Wait", executionConfig: { maxDelay: "5m" } } as const;

/** onBusy and onCooldown: Wait. */
export function testQueue(context: ControllerContext): void {
  testOrder(context);
  testLateness(context);
  testCooldown(context);
}

function testOrder(context: ControllerContext): void {
  function ask(name: string, spec: Partial<typeof WAIT> = WAIT): Promise<WorkflowExecution> {
    const parameters = { PLAY_ENDING: "never" };
    return create(context.world(), { name, target: TARGET, workflowId: name, parameters, spec });
  }

  describe("executions that wait for a target", () => {
    let holder: WorkflowExecution;
    let queue: readonly string[] = [];

    it("stay Pending and say at which position, and behind whom", async () => {
      const world = context.world();
      await ask("queue-1");
      holder = await untilRunning(world, "queue-1");
      const waiting = await Promise.all(["queue-2", "queue-3", "queue-4", "queue-5"].map((name) => ask(name)));
      queue = waiting.toSorted(byAge).map(({ metadata }) => metadata.name);
      for (const [index, name] of queue.entries()) {
        const position = new RegExp(`^position ${String(index + 1)}, .* held by .*/queue-1 `);
        const { status } = await untilStatus(world, name, "its position", ({ message = "" }) => position.test(message));
        assert.deepEqual([status?.phase, status?.reason], ["Pending", "WaitingForTarget"]);
      }
    });

    it("go on in the order of their creation, the moment that the target is free", async () => {
      const world = context.world();
      for (const name of queue.slice(0, 2)) {
        world.player.end(holder.metadata.uid ?? "", "succeed");
        holder = await untilRunning(world, name);
      }
      const { status } = await untilHeldBy(world, queue[2] ?? "", holder.metadata.name);
      assert.match(status?.message ?? "", /^position 1,/);
    });

    it("go on too where the one before them is deleted", async () => {
      const world = context.world();
      const [, , next = "", last = ""] = queue;
      await remove(world, await untilHeldBy(world, next, holder.metadata.name));
      await untilGone(world, next);
      world.player.end(holder.metadata.uid ?? "", "succeed");
      const running = await untilRunning(world, last);
      world.player.end(running.metadata.uid ?? "", "succeed");
      await untilSettled(world, last);
    });
  });
}

function testLateness(context: ControllerContext): void {
  describe("an execution that waits too long", () => {
    it("ends as too late, uncounted", async () => {
      const world = context.world();
      const parameters = { PLAY_ENDING: "never" };
      await create(world, { name: "queue-6", target: TARGET, parameters });
      const holder = await untilRunning(world, "queue-6");
      const parts = { name: "queue-7", target: TARGET, workflowId: "queue-7" };
      await create(world, { ...parts, spec: { onBusy: "Wait", executionConfig: { maxDelay: "3s" } } });
      const { status } = await untilFinished(world, "queue-7");
      assert.deepEqual(
        [status?.phase, status?.reason, status?.retry],
        ["Failed", "DeadlineExceeded", { disposition: "Now" }],
      );
      assert.match(status?.message ?? "", /waited at position 1/);
      assert.equal(status?.consecutiveFailures, undefined);
      world.player.end(holder.metadata.uid ?? "", "succeed");
    });
  });
}

function testCooldown(context: ControllerContext): void {
  describe("an execution that waits for a cooldown", () => {
    it("runs when it is over, not before", async () => {
      const world = context.world();
      await create(world, { name: "cool-1", target: "payment/deployment/cool" });
      const first = await untilSettled(world, "cool-1");
      await create(world, { name: "cool-2", target: "payment/deployment/cool", spec: WAIT });
      await untilStatus(world, "cool-2", "waits", ({ reason }) => reason === "WaitingForCooldown");
      const second = await untilFinished(world, "cool-2");
      assert.equal(second.status?.phase, "Completed");
      const ended = Date.parse(first.status?.completionTime ?? "");
      assert.ok(Date.parse(second.status.startTime ?? "") >= ended + 6_000);
    });
  });
}

/** Timestamps have whole seconds; the uid decides among equals. */
function byAge({ metadata: a }: WorkflowExecution, { metadata: b }: WorkflowExecution): number {
  const created = Date.parse(a.creationTimestamp ?? "") - Date.parse(b.creationTimestamp ?? "");
  return created === 0 ? Number((a.uid ?? "") > (b.uid ?? "")) * 2 - 1 : created;
}

function untilHeldBy(world: World, name: string, holder: string): Promise<WorkflowExecution> {
  return untilStatus(world, name, `waits for ${holder}`, ({ message = "" }) => message.includes(`/${holder} `));
}
