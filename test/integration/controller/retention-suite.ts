import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { conditionOf } from "../../../pkg/execution/conditions.ts";
import { waitFor } from "../../cluster/wait.ts";
import type { World } from "../../support/controller-world.ts";
import { create, runsOf, seen, untilFinished, untilSettled, type ControllerContext } from "./context.ts";
import { podsOf } from "./stopping.ts";

/** How long finished runs are kept, in these tests. */
export const KEEP_FOR = "8s";
const KEEP_FOR_MS = 8_000;

/** Finished runs are kept for a while, then deleted. */
export function testRetention(context: ControllerContext): void {
  describe("the run of an execution that has ended", () => {
    it("is deleted with its pods when its time is over; status, lock and cooldown stay", async () => {
      const world = context.world();
      await create(world, { name: "kept", target: "payment/deployment/kept" });
      const settled = await untilSettled(world, "kept");
      assert.equal(runsOf(world, settled).length, 1);
      const locks = await world.until("its target to be seen free", () => {
        const own = world.stores.locks.list().filter(isOf("kept"));
        return own.every(({ spec }) => spec.state === "Free") ? own : undefined;
      });
      await untilNothingIsLeft(world, settled);
      assert.ok(world.connection.clock.now() >= endOf(settled) + KEEP_FOR_MS);
      assert.deepEqual(seen(world, "kept")?.status, settled.status);
      assert.deepEqual(world.stores.locks.list().filter(isOf("kept")), locks);
      await create(world, { name: "kept-again", target: "payment/deployment/kept" });
      assert.equal((await untilFinished(world, "kept-again")).status?.reason, "RecentlyRemediated");
    });
  });
}

/** The audit trail is away for everybody. */
export function testRetentionWithoutAudit(context: ControllerContext): void {
  describe("the run of an execution that has ended", () => {
    it("stays while its audit events are not committed, and goes once they are", async () => {
      const world = context.world();
      await world.postgres.halt("SIGKILL");
      await create(world, { name: "unaudited", target: "payment/deployment/unaudited" });
      const finished = await untilFinished(world, "unaudited");
      const over = endOf(finished) + KEEP_FOR_MS + 1_000;
      await waitFor("its time to be over", 60_000, () => world.connection.clock.now() > over);
      assert.deepEqual(
        runsOf(world, finished).map(({ metadata }) => metadata.deletionTimestamp),
        [undefined],
      );
      await world.postgres.resume();
      await world.until("its run to be deleted", () => {
        return runsOf(world, finished).every(({ metadata }) => metadata.deletionTimestamp !== undefined) || undefined;
      });
    });
  });
}

function isOf(name: string) {
  return ({ spec }: { readonly spec: { readonly targetResource: string } }): boolean => {
    return spec.targetResource === `payment/deployments.apps/${name}`;
  };
}

/** The garbage collector takes its time. */
async function untilNothingIsLeft(world: World, execution: WorkflowExecution): Promise<void> {
  await world.until(
    `the run of ${execution.metadata.name} to be gone`,
    () => runsOf(world, execution).length + podsOf(world, execution).length === 0 || undefined,
    90_000,
  );
}

/** When it ended (ms). */
function endOf({ status }: WorkflowExecution): number {
  return Date.parse(conditionOf(status, "Finished")?.lastTransitionTime ?? "");
}
